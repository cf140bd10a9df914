import { expose } from './expose.ts'
import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'

const authClient = createAuthClient({
  baseUrl: '/api',
  queryClient: new QueryClient(),
  refresh: tokenRefresh({ endpoint: 'auth/refresh' }),
})

authClient.mount()

expose({
  logIn: () => authClient.login({ email: 'ada@example.com', password: 'correct horse' }),
  ask: async () => (await authClient.fetch('/api/notes')).status,
  isSignedOut: () => authClient.getState().status === 'signed-out',
})
