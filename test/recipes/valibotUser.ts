import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'
import * as v from 'valibot'

export const authClient = createAuthClient({
  baseUrl: '/api',
  queryClient: new QueryClient(),
  userSchema: v.object({
    id: v.string(),
    email: v.pipe(v.string(), v.email()),
    createdAt: v.pipe(v.string(), v.isoTimestamp(), v.toDate()),
  }),
})
