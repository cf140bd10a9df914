import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'

export const queryClient = new QueryClient()
export const authClient = createAuthClient({
  baseUrl: '/api',
  queryClient,
  endpoints: {
    user: 'me',
    logout: {
      path: 'https://login.example.com/token/revocation',
      encoding: 'form',
      body: ({ token }) => ({ token, client_id: 'my-app' }),
    },
  },
})
