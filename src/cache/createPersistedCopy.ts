import type { TokenStore } from '../browser/createTokenStore.ts'
import { safely } from '../errors/safely.ts'
import type { SessionMachine } from '../session/createSession.ts'
import { guardPersister, writeUnguarded } from '../tanstack/guardPersister.ts'
import type { PersistedCopy, QueryPersister } from '../tanstack/QueryPersister.ts'

/** The persisted copy of the query cache. */
export interface PersistedCopyKeeper {
  /**
   * Removes the copy, and keeps a throttled write that is already on its way from bringing it back. To be called after
   * the cache has forgotten.
   */
  forget: () => void
  /** Keeps copies of an ended session from being written. Returns a function that stops it. */
  watch: () => () => void
}

export const createPersistedCopy = (
  persister: QueryPersister | undefined,
  session: Pick<SessionMachine<unknown>, 'getState' | 'isCurrent'>,
  store: Pick<TokenStore, 'read'>,
): PersistedCopyKeeper => {
  if (!persister) return { forget: () => {}, watch: () => () => {} }
  const remove = (): unknown => safely(() => persister.removeClient())

  return {
    watch: () =>
      guardPersister(persister, ({ clientState: { queries, mutations } }) => {
        const stored = store.read()
        // A tab that has yet to hear that its session has ended writes nothing for the next user to find.
        return session.isCurrent(stored) && (stored !== null || queries.length + mutations.length > 0)
      }),

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
      safely(() => writeUnguarded(persister, empty))
      remove()
    },
  }
}
