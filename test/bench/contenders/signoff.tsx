import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { AuthProvider, createAuthClient, SignedIn, useLogout, useUser } from 'signoff'
import { openPage } from '../page/openPage.tsx'
import { persister } from '../page/persister.ts'

const queryClient = new QueryClient()
const authClient = createAuthClient<{ name: string }>({
  baseUrl: '/api',
  queryClient,
  ...(persister && { persister }),
})

openPage({
  queryClient,
  Providers: ({ children }) => (
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={authClient}>{children}</AuthProvider>
    </QueryClientProvider>
  ),
  Guard: SignedIn,
  useName: () => (useUser() as { name: string } | null)?.name ?? null,
  useLogout: () => useLogout().mutate,
  logIn: () => authClient.login({ email: 'ada@example.com', password: 'correct horse' }),
  get: (path, signal) => authClient.api.get(path, { signal }).json(),
})
