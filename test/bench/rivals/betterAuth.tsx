import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createAuthClient } from 'better-auth/react'
import { openPage } from '../page/openPage.tsx'
import { get } from './bearer.ts'

const queryClient = new QueryClient()
const authClient = createAuthClient({ baseURL: `${location.origin}/api/better-auth` })

openPage({
  queryClient,
  Providers: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  Guard: ({ children }) => (authClient.useSession().data ? children : <p>Log in</p>),
  useName: () => authClient.useSession().data?.user.name ?? null,
  // Its documentation (Basic Usage, Sign Out) shows this call, with a redirect at most, and does not mention caches of
  // others: the queries stay.
  useLogout: () => () => void authClient.signOut(),
  logIn: () => authClient.signIn.email({ email: 'ada@example.com', password: 'correct horse' }),
  get,
})
