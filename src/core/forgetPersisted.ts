import type { DehydratedState } from '@tanstack/react-query'
import { attempt } from './attempt.ts'

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

const isEmpty = ({ clientState: { queries, mutations } }: PersistedCopy): boolean =>
  queries.length + mutations.length === 0

/**
 * Removes the persisted copy of the query cache, and keeps a throttled write that is already on its way from bringing
 * it back. Returns the function that does so; call it after the cache has forgotten.
 */
export const createPersistedForgetter = (
  persister: QueryPersister | undefined,
  isSignedOut: () => boolean,
): (() => void) => {
  if (!persister) return () => {}

  const write = persister.persistClient.bind(persister)
  const remove = (): unknown => attempt('removing the persisted copy', () => persister.removeClient())
  persister.persistClient = (copy) => (isSignedOut() && isEmpty(copy) ? undefined : write(copy))

  return () => {
    // A throttle writes the last copy that it was given. This one is empty, and being read it tells that it is
    // written now, so that it can be removed as soon as it has been.
    const empty: PersistedCopy = {
      timestamp: Date.now(),
      buster: '',
      get clientState() {
        setTimeout(() => isSignedOut() && remove())
        return { queries: [], mutations: [] }
      },
    }
    attempt('emptying the persisted copy', () => write(empty))
    remove()
  }
}
