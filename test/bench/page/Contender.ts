import type { QueryClient } from '@tanstack/react-query'
import type { ComponentType, ReactNode } from 'react'

type Wrapper = ComponentType<{ children: ReactNode }>

/** What the page takes of a library, each part as the library's own documentation shows it. */
export interface Contender {
  queryClient: QueryClient
  Providers: Wrapper
  /** The library's own guard: what it holds is on screen only while somebody is signed in. */
  Guard: Wrapper
  /** The name of who is signed in, or `null`. */
  useName: () => string | null
  /** What the button's `onClick` calls. */
  useLogout: () => () => void
  /** Begins a session, without a component. */
  logIn: () => Promise<unknown>
  /** Fetches private data. */
  get: (path: string, signal: AbortSignal) => Promise<string>
}
