import type { QueryClient } from '@tanstack/react-query'
import type { AuthClient } from 'signoff'

declare global {
  /** What the pages hand to the tests. */
  interface Window {
    authClient: AuthClient
    queryClient: QueryClient
  }
}
