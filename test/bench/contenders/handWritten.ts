import { QueryClient } from '@tanstack/react-query'
import ky from 'ky'

// What a good engineer writes in an hour: local first, nothing guaranteed. It is outside React, because requests and
// other code ask for the token as well.

export interface User {
  name: string
}

interface Session {
  user: User
  token: string
}

export const queryClient = new QueryClient()
const listeners = new Set<() => void>()
let session = JSON.parse(localStorage.getItem('session') ?? 'null') as Session | null
let controller = new AbortController()

const setSession = (next: Session | null): void => {
  session = next
  listeners.forEach((listener) => listener())
}

export const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const readUser = (): User | null => session?.user ?? null

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

export const logIn = async (): Promise<void> => {
  const json = { email: 'ada@example.com', password: 'correct horse' }
  const next = await api.post('auth/login', { json }).json<Session>()
  localStorage.setItem('session', JSON.stringify(next))
  setSession(next)
}

export const logOut = (): void => {
  const headers = authorize()
  controller.abort()
  controller = new AbortController()
  localStorage.clear()
  queryClient.clear()
  setSession(null)
  void fetch('/api/auth/logout', { method: 'POST', keepalive: true, headers })
}

export const get = (path: string, signal: AbortSignal): Promise<string> =>
  api.get(path, { signal: AbortSignal.any([signal, controller.signal]) }).json()
