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
import { follow } from '../tanstack/withholdEvents.ts'
import type { UserQuery } from './createUserQuery.ts'

/** Does what must wait until React has committed. */
export type AfterCommit = (act: () => void) => void

export interface PrivateQueries {
  /**
   * Forgets every private query: it leaves the cache, its request is aborted, and a late answer is dropped. If components
   * observe it, a blank query takes its place, which fetches nothing until `wake`.
   */
  forget: () => void
  /** Lets the mounted components fetch their private queries for the session that has begun. */
  wake: (afterCommit: AfterCommit) => void
  /**
   * Keeps private data out of the cache while nobody is signed in, whatever writes it: a mutation that was running, a
   * restored copy of the cache, a broadcast of another tab. Returns a function that stops that.
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
  // Queries that the app removed while components showed them. The components still show them.
  const orphans = new Set<Query>()

  const isPrivate = (query: Query): boolean => isUserQuery(query) || !isPublic(query)

  const forget = (queries: Query[]): void =>
    forgetQueries(
      client,
      queries.filter((query) => !isDormant(query) && isPrivate(query)),
    )

  let finishWaking: ((isFetched: boolean) => void) | undefined

  return {
    forget: () => {
      finishWaking?.(false)
      forget([...cache.getAll(), ...orphans])
      orphans.clear()
    },

    wake: (afterCommit) => {
      const handOn = wakeQueries(client)
      finishWaking = (isFetched) => {
        finishWaking = undefined
        handOn(isFetched)
      }
      // A query's function is that of its component's last render, which may still belong to the session before.
      afterCommit(() => finishWaking?.(true))
    },

    watch: () =>
      follow(cache, (event) => {
        const { type, query } = event
        const isObserved = query.getObserversCount() > 0
        if (type === 'observerRemoved' && !isObserved) orphans.delete(query)
        if (type === 'removed' && isObserved) orphans.add(query)
        if (!session.isCurrent(null)) return
        // If the app empties the cache while nobody is signed in, its components must still wake later.
        if (type === 'removed' && isObserved) keepDormant(client, query)
        if (isDormant(query) || (type !== 'added' && type !== 'updated')) return
        const guard = (): void => {
          if (!session.isCurrent(null) || !isWritten(query)) return
          if (internals.isSound()) forget([query])
          else if (isPrivate(query)) dropQuery(client, query)
        }
        if (type === 'updated' && event.action.type === 'success') {
          // A suspended component is no observer yet. If its answer were forgotten, it would ask again and again.
          if (event.action.manual || isObserved || !isPrivate(query)) guard()
          else safely(() => failQuery(query))
        }
        // `initialData` belongs to the component. The query has it only after this event, so the check waits.
        queueMicrotask(guard)
      }),
  }
}
