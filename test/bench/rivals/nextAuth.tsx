import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { SessionProvider, signIn, signOut, useSession } from 'next-auth/react'
import { openPage } from '../page/openPage.tsx'
import { get } from './bearer.ts'

const queryClient = new QueryClient()

openPage({
  queryClient,
  Providers: ({ children }) => (
    <SessionProvider>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </SessionProvider>
  ),
  Guard: ({ children }) => (useSession().status === 'authenticated' ? children : <p>Log in</p>),
  useName: () => useSession().data?.user?.name ?? null,
  // Without a redirect, as its documentation (Client API, signOut) shows it for pages that stay: it says that the session
  // is deleted and `useSession` told, and does not mention caches of others: the queries stay.
  useLogout: () => () => void signOut({ redirect: false }),
  logIn: () =>
    signIn('credentials', { redirect: false, email: 'ada@example.com', password: 'correct horse' }),
  get,
})
