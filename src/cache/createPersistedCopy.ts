import type { TokenStore } from '../browser/createTokenStore.ts'
import { safely } from '../errors/safely.ts'
import type { SessionMachine } from '../session/createSession.ts'
import { guardPersister, writeUnguarded } from '../tanstack/guardPersister.ts'
import type { PersistedCopy, QueryPersister } from '../tanstack/QueryPersister.ts'

/** The persisted copy of the query cache. */
export interface PersistedCopyKeeper {
  /**
   * Removes the copy, and prevents a throttled write that is already on its way from bringing it back. Call it after the
   * cache has forgotten.
   */
  forget: () => void
  /** Prevents writes of an ended session. Returns a function that stops that. */
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
        // A tab that does not know yet that its session has ended must write nothing that the next user could find.
        return session.isCurrent(stored) && (stored !== null || queries.length + mutations.length > 0)
      }),

    forget: () => {
      // A throttle writes the last copy that it was given. This copy is empty. When the persister reads it to write it,
      // it is removed as soon as it has been written.
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
