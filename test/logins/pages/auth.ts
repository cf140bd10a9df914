import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'

export const queryClient = new QueryClient()
export const authClient = createAuthClient({ baseUrl: '/api', queryClient })
