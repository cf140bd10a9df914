import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { openPage } from '../page/openPage.tsx'
import { userName } from '../page/look.ts'

// What React takes to render the same components once: nothing is ended, forgotten or sent.

const queryClient = new QueryClient()
const listeners = new Set<() => void>()
let name: string | null = null

const setName = (next: string | null): void => {
  name = next
  listeners.forEach((listener) => listener())
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const useName = (): string | null => useSyncExternalStore(subscribe, () => name)

openPage({
  queryClient,
  Providers: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  Guard: ({ children }) => (useName() ? children : null),
  useName,
  useLogout: () => () => setName(null),
  logIn: async () => setName(userName),
  get: (path, signal) => fetch(`/api/${path}`, { signal }).then((response) => response.json()),
})
