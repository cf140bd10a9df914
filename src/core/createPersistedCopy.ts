import type { DehydratedState } from '@tanstack/react-query'
import { attempt } from './attempt.ts'
import type { Store } from './createStore.ts'
import type { SessionMachine } from './session.ts'

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

/** The persisted copy of the query cache. */
export interface PersistedCopyKeeper {
  /**
   * Removes the copy, and keeps a throttled write that is already on its way from bringing it back. To be called after
   * the cache has forgotten.
   */
  forget: () => void
}

export const createPersistedCopy = (
  persister: QueryPersister | undefined,
  session: Pick<SessionMachine<unknown>, 'getState'>,
  store: Pick<Store, 'read'>,
): PersistedCopyKeeper => {
  const write = persister?.persistClient.bind(persister)
  const remove = (): unknown => attempt(() => persister?.removeClient())

  if (persister) {
    persister.persistClient = (copy) => {
      const { queries, mutations } = copy.clientState
      const { token } = session.getState()
      // A tab that has yet to hear that its session has ended writes nothing for the next user to find.
      return store.read() === token && (token || queries.length + mutations.length)
        ? write?.(copy)
        : undefined
    }
  }

  return {
    forget: () => {
      // A throttle writes the last copy that it was given. This one is empty, and being read it tells that it is
      // written now, so that it can be removed as soon as it has been.
      const empty: PersistedCopy = {
        timestamp: 0,
        buster: '',
        get clientState() {
          setTimeout(() => session.getState().token ?? remove())
          return { queries: [], mutations: [] }
        },
      }
      attempt(() => write?.(empty))
      remove()
    },
  }
}
