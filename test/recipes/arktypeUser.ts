import { type } from 'arktype'
import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'

export const authClient = createAuthClient({
  baseUrl: '/api',
  queryClient: new QueryClient(),
  userSchema: type({ id: 'string', email: 'string.email', createdAt: 'string.date.iso.parse' }),
})
