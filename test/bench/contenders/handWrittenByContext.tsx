import { QueryClientProvider } from '@tanstack/react-query'
import { createContext, type JSX, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react'
import { openPage } from '../page/openPage.tsx'
import { get, logIn, logOut, queryClient, readUser, subscribe, type User } from './handWritten.ts'

// One provider reads the session, all others read the context: what most apps have. The provider's one source is
// `useSyncExternalStore` rather than `useState`, because the session is known outside React (`handWritten.ts`). A copy in
// `useState` would have to be kept up to date by an effect, which is a render late; and React commits what comes from a
// store at once, so that a `startTransition` around the logout keeps no private page on screen.

interface Auth {
  user: User | null
  logOut: () => void
}

const AuthContext = createContext<Auth | null>(null)

const AuthProvider = ({ children }: { children: ReactNode }): JSX.Element => {
  const user = useSyncExternalStore(subscribe, readUser)
  const auth = useMemo(() => ({ user, logOut }), [user])
  return <AuthContext value={auth}>{children}</AuthContext>
}

const useAuth = (): Auth => {
  const auth = useContext(AuthContext)
  if (!auth) throw new Error('Render this inside <AuthProvider>')
  return auth
}

openPage({
  queryClient,
  Providers: ({ children }) => (
    <QueryClientProvider client={queryClient}>
      <AuthProvider>{children}</AuthProvider>
    </QueryClientProvider>
  ),
  Guard: ({ children }) => (useAuth().user ? children : null),
  useName: () => useAuth().user?.name ?? null,
  useLogout: () => useAuth().logOut,
  logIn,
  get,
})
