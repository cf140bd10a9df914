import { type Mutation, type Query, QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'

const isPublic = (entry: Query | Mutation) => {
  const [group, act] = ('queryKey' in entry && entry.queryKey) || []
  const isAsked = group === 'auth' && act !== 'getIdentity'
  return isAsked ? 'viewer' : entry.meta?.['public'] === true
}

export const queryClient = new QueryClient()
export const authClient = createAuthClient({ baseUrl: '/api', queryClient, isPublic })
