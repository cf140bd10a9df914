import type { Query, QueryClient } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import type { SessionMachine } from '../session/createSession.ts'
import type { Internals } from '../tanstack/createInternals.ts'
import {
  dropQuery,
  failQuery,
  forgetQueries,
  isDormant,
  isWritten,
  keepDormant,
  wakeQueries,
} from '../tanstack/forgetQueries.ts'
import type { UserQuery } from './createUserQuery.ts'

export interface PrivateQueries {
  /**
   * Forgets every private query: out of the cache, its request aborted, and a late answer lands nowhere. Where
   * components observe it, a blank one takes its place, which fetches nothing until `wake`.
   */
  forget: () => void
  /** Lets the mounted components fetch their private queries for the session that has begun. */
  wake: () => void
  /**
   * Keeps private data out of the cache while nobody is signed in, whoever writes it: a mutation that was running, a
   * restored persisted cache, another tab's broadcast. Returns a function that stops it.
   */
  watch: () => () => void
}

/** The queries of the user: all that are not public. */
export const createPrivateQueries = (
  client: QueryClient,
  isPublic: (query: Query) => boolean,
  { isUserQuery }: Pick<UserQuery<unknown>, 'isUserQuery'>,
  session: Pick<SessionMachine<unknown>, 'isCurrent'>,
  internals: Pick<Internals, 'isSound'>,
): PrivateQueries => {
  const cache = client.getQueryCache()
  // What the app removed while components were showing it: they show it still.
  const orphans = new Set<Query>()

  const isPrivate = (query: Query): boolean => isUserQuery(query) || !isPublic(query)

  const forget = (queries: Query[]): void =>
    forgetQueries(
      client,
      queries.filter((query) => !isDormant(query) && isPrivate(query)),
    )

  return {
    forget: () => {
      forget([...cache.getAll(), ...orphans])
      orphans.clear()
    },

    wake: () => wakeQueries(client),

    watch: () =>
      cache.subscribe((event) => {
        const { type, query } = event
        const isObserved = query.getObserversCount() > 0
        if (type === 'observerRemoved' && !isObserved) orphans.delete(query)
        if (type === 'removed' && isObserved) orphans.add(query)
        if (!session.isCurrent(null)) return
        // A cache that is emptied while signed out must still wake its components later.
        if (type === 'removed' && isObserved) keepDormant(client, query)
        if (isDormant(query) || (type !== 'added' && type !== 'updated')) return
        const guard = (): void => {
          if (!session.isCurrent(null) || !isWritten(query)) return
          if (internals.isSound()) forget([query])
          else if (isPrivate(query)) dropQuery(client, query)
        }
        if (type === 'updated' && event.action.type === 'success') {
          // A suspended component, which is no observer yet, would ask again and again for what is forgotten.
          if (event.action.manual || isObserved || !isPrivate(query)) guard()
          else safely(() => failQuery(query))
        }
        // What a component brings along as `initialData` is its own; only after this event does the query know it.
        queueMicrotask(guard)
      }),
  }
}
