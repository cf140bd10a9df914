import { AuthClient } from '@supabase/auth-js'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState } from 'react'
import { openPage } from '../page/openPage.tsx'
import { settings } from '../page/settings.ts'
import { get } from './bearer.ts'

const queryClient = new QueryClient()
const auth = new AuthClient({ url: `${location.origin}/api/supabase`, storageKey: 'supabase' })
/** What the page shows of a session. */
interface Session {
  user: { user_metadata: Record<string, unknown> }
}

const SessionContext = createContext<Session | null>(null)

const scope = settings.variant === 'local' ? 'local' : 'global'

openPage({
  queryClient,
  Providers: ({ children }) => {
    const [session, setSession] = useState<Session | null>(null)
    useEffect(() => {
      const { data } = auth.onAuthStateChange((_event, next) => setSession(next))
      return () => data.subscription.unsubscribe()
    }, [])
    return (
      <QueryClientProvider client={queryClient}>
        <SessionContext value={session}>{children}</SessionContext>
      </QueryClientProvider>
    )
  },
  Guard: ({ children }) => (useContext(SessionContext) ? children : <p>Log in</p>),
  useName: () => (useContext(SessionContext)?.user.user_metadata['name'] as string | undefined) ?? null,
  // Its documentation (Signing out) says that this removes the session and what Auth has stored. It does not mention
  // caches of others: the queries stay.
  useLogout: () => () => void auth.signOut({ scope }),
  logIn: () => auth.signInWithPassword({ email: 'ada@example.com', password: 'correct horse' }),
  get,
})
