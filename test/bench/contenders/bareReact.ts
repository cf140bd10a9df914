import { QueryClient } from '@tanstack/react-query'
import { userName } from '../page/look.ts'

// What React takes to render the same components once: nothing is ended, forgotten or sent.

export const queryClient = new QueryClient()
const listeners = new Set<() => void>()
let name: string | null = null

const setName = (next: string | null): void => {
  name = next
  listeners.forEach((listener) => listener())
}

export const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const readName = (): string | null => name

export const logIn = async (): Promise<void> => setName(userName)

export const logOut = (): void => setName(null)

export const get = (path: string, signal: AbortSignal): Promise<string> =>
  fetch(`/api/${path}`, { signal }).then((response) => response.json())
