import { QueryClient } from '@tanstack/react-query'
import { createAuthClient, type SessionHandle, type TokenStorage } from 'signoff'

const baseUrl = process.env.NEXT_PUBLIC_API_URL as string

/** What the app is made of: once for each request on the server, once for the page in the browser. */
export const createApp = (storage: TokenStorage, onSignOut?: () => void) => {
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: 10_000 } } })
  const authClient = createAuthClient<{ email: string }>({ baseUrl, queryClient, storage, onSignOut })
  return { queryClient, authClient }
}

export const notesOptions = ({ api }: SessionHandle) => ({
  queryKey: ['notes'],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get('notes', { signal }).json<string[]>(),
})

declare module 'signoff' {
  interface Register {
    client: ReturnType<typeof createApp>['authClient']
  }
}
