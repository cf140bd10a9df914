import type { DehydratedState } from '@tanstack/react-query'

/** The copy of the cache that a {@link QueryPersister} writes. */
export interface PersistedCopy {
  timestamp: number
  buster: string
  clientState: DehydratedState
}

/** The `Persister` of TanStack Query's `persistQueryClient`, by its shape. */
export interface QueryPersister {
  persistClient: (copy: PersistedCopy) => unknown
  restoreClient: () => unknown
  removeClient: () => unknown
}
