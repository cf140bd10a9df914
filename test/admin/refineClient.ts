import { type Mutation, type Query, QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'

const isPublic = (entry: Query | Mutation) => {
  const [group, act] = ('queryKey' in entry ? entry.queryKey : entry.options.mutationKey) ?? []
  if (group !== 'auth') return entry.meta?.['public'] === true
  return act === 'check' ? 'viewer' : act === 'login' || act === 'logout'
}

export const queryClient = new QueryClient()
// refine would keep the password for five minutes.
queryClient.setMutationDefaults(['auth', 'login'], { gcTime: 0 })
export const authClient = createAuthClient({ baseUrl: '/api', queryClient, isPublic })
