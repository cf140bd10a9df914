import type { DehydratedState } from '@tanstack/react-query'

/** The copy of the cache that a {@link QueryPersister} writes. */
export interface PersistedCopy {
  timestamp: number
  buster: string
  clientState: DehydratedState
  /** By the API's address: whose session it was written under. */
  sessions?: Record<string, string>
}

/** The shape of the `Persister` of TanStack Query's `persistQueryClient`. */
export interface QueryPersister {
  persistClient: (copy: PersistedCopy) => unknown
  restoreClient: () => unknown
  removeClient: () => unknown
}
