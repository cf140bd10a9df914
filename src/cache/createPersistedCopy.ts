import type { Mutation, Query } from '@tanstack/react-query'
import type { TokenStore } from '../browser/createTokenStore.ts'
import { safely } from '../errors/safely.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import { guardPersister, type PersisterGuard, writeUnguarded } from '../tanstack/guardPersister.ts'
import type { PersistedCopy, QueryPersister } from '../tanstack/QueryPersister.ts'
import type { IsPublic } from './createIsPublic.ts'
import type { PrivateMutations } from './createPrivateMutations.ts'
import type { UserQuery } from './createUserQuery.ts'

/** The persisted copy of the query cache. */
export interface PersistedCopyKeeper {
  /**
   * Removes the copy, and prevents a throttled write that is already on its way from bringing it back. Call it after the
   * cache has forgotten. Returns whether a copy is still awaited: until it has come, no mounted query listens.
   */
  forget: () => boolean
  /** Prevents writes of an ended session, and what another session has written. Returns a function that stops that. */
  watch: () => () => void
}

/** @param baseUrl - Tells clients of several APIs apart that share a persister. */
export const createPersistedCopy = (
  persister: QueryPersister | undefined,
  baseUrl: string,
  isPublic: IsPublic,
  { isUserQuery }: Pick<UserQuery<unknown>, 'isUserQuery'>,
  session: Pick<SessionMachine<unknown>, 'getTokens' | 'isCurrent' | 'whenKnown'>,
  store: Pick<TokenStore, 'read' | 'isServer'>,
  { isOwnCall }: Pick<PrivateMutations, 'isOwnCall'>,
): PersistedCopyKeeper => {
  if (!persister) return { forget: () => false, watch: () => () => {} }
  const remove = (): unknown => safely(() => persister.removeClient())

  const write = (copy: PersistedCopy): PersistedCopy | undefined => {
    const { queries } = copy.clientState
    // The variables of a login are a password.
    const mutations = copy.clientState.mutations.filter(({ state }) => !isOwnCall(state))
    const stored = store.read()
    // A tab that does not know yet that its session has ended must write nothing that the next user could find.
    const isEmpty = queries.length + mutations.length === 0
    if (!session.isCurrent(stored?.token ?? null) || (stored === null && isEmpty)) return undefined
    const kept = { ...copy, clientState: { queries, mutations } }
    if (stored === null || isEmpty) return kept
    return { ...kept, sessions: { ...copy.sessions, [baseUrl]: stored.number } }
  }

  /** What a copy of another session, or one that does not say whose it is, brings: only what is public. */
  const read = (copy: PersistedCopy): PersistedCopy => {
    const tokens = session.getTokens()
    if (tokens && copy.sessions?.[baseUrl] === tokens.number) return copy
    const { queries, mutations } = copy.clientState
    const clientState = {
      queries: queries.filter((query) => !isUserQuery(query) && isPublic(query as unknown as Query) === true),
      mutations: mutations.filter((mutation) => isPublic(mutation as unknown as Mutation) === true),
    }
    const isShorter =
      clientState.queries.length + clientState.mutations.length < queries.length + mutations.length
    if (!tokens && isShorter) remove()
    return { ...copy, clientState }
  }

  let awaited = 0
  const guard: PersisterGuard = {
    write,
    read: (copy) => safely(() => read(copy)),
    whenReady: async (reading) => {
      awaited += 1
      await reading.finally(() => (awaited -= 1))
      return session.whenKnown()
    },
  }
  // An app may ask for the copy before anybody follows the client. A server makes clients that nobody ever follows.
  const stopEarly = store.isServer() || guardPersister(persister, { ...guard, write: (copy) => copy })

  return {
    watch: () => {
      const stop = guardPersister(persister, guard)
      if (stopEarly !== true) stopEarly()
      return stop
    },

    forget: () => {
      // A throttle writes the last copy that it was given. This copy is empty. When the persister reads it to write it,
      // it is removed as soon as it has been written.
      const empty: PersistedCopy = {
        timestamp: 0,
        buster: '',
        get clientState() {
          setTimeout(() => session.getTokens() ?? remove())
          return { queries: [], mutations: [] }
        },
      }
      safely(() => writeUnguarded(persister, empty))
      remove()
      return awaited > 0
    },
  }
}
