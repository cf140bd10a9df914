import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'
import { z } from 'zod'

export const authClient = createAuthClient({
  baseUrl: '/api',
  queryClient: new QueryClient(),
  userSchema: z.object({ id: z.string(), email: z.email(), createdAt: z.coerce.date() }),
})
