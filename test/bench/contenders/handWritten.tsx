import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import ky from 'ky'
import { useSyncExternalStore } from 'react'
import { openPage } from '../page/openPage.tsx'

// What a good engineer writes in an hour: local first, nothing guaranteed.

interface Session {
  user: { name: string }
  token: string
}

const queryClient = new QueryClient()
const listeners = new Set<() => void>()
let session = JSON.parse(localStorage.getItem('session') ?? 'null') as Session | null
let controller = new AbortController()

const setSession = (next: Session | null): void => {
  session = next
  listeners.forEach((listener) => listener())
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const useUser = (): Session['user'] | null => useSyncExternalStore(subscribe, () => session?.user ?? null)

const authorize = (): Record<string, string> => (session ? { Authorization: `Bearer ${session.token}` } : {})

const api = ky.create({
  baseUrl: `${location.origin}/api/`,
  hooks: {
    beforeRequest: [
      ({ request }) => {
        if (session) request.headers.set('Authorization', `Bearer ${session.token}`)
      },
    ],
  },
})

const logIn = async (): Promise<void> => {
  const json = { email: 'ada@example.com', password: 'correct horse' }
  const next = await api.post('auth/login', { json }).json<Session>()
  localStorage.setItem('session', JSON.stringify(next))
  setSession(next)
}

const logOut = (): void => {
  const headers = authorize()
  controller.abort()
  controller = new AbortController()
  localStorage.clear()
  queryClient.clear()
  setSession(null)
  void fetch('/api/auth/logout', { method: 'POST', keepalive: true, headers })
}

openPage({
  queryClient,
  Providers: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  Guard: ({ children }) => (useUser() ? children : null),
  useName: () => useUser()?.name ?? null,
  useLogout: () => logOut,
  logIn,
  get: (path, signal) => api.get(path, { signal: AbortSignal.any([signal, controller.signal]) }).json(),
})
