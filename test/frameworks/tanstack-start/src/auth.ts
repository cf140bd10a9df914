import { QueryClient } from '@tanstack/react-query'
import { createIsomorphicFn } from '@tanstack/react-start'
import { getCookie } from '@tanstack/react-start/server'
import { createAuthClient, memoryStorage, type SessionHandle, type TokenStorage } from 'signoff'
import { cookieStorage, owner } from './cookieStorage.ts'

const baseUrl = import.meta.env.VITE_API_URL as string

const getStorage = createIsomorphicFn()
  .server((): TokenStorage => {
    const storage = memoryStorage()
    const token = getCookie('token')
    if (token) storage.set(token)
    return storage
  })
  .client((): TokenStorage => cookieStorage)

/** Says whose the token is: the one that the server was sent, or the one that the browser has now. */
export const getOwner = createIsomorphicFn()
  .server(() => getCookie('token-of') ?? null)
  .client(() => owner.get())

/** What the app is made of: another one for each request on the server, one for the page in the browser. */
export const createApp = () => {
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: 10_000 } } })
  const authClient = createAuthClient<{ email: string }>({ baseUrl, queryClient, storage: getStorage() })
  return { queryClient, authClient }
}

export type App = ReturnType<typeof createApp>

export const notesOptions = ({ api }: SessionHandle) => ({
  queryKey: ['notes'],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get('notes', { signal }).json<string[]>(),
})

declare module 'signoff' {
  interface Register {
    client: App['authClient']
  }
}
