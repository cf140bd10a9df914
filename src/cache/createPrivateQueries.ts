import type { Query, QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'
import { hint, safely } from '../errors/safely.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { Internals } from '../tanstack/createInternals.ts'
import { isDormant } from '../tanstack/DormantQuery.ts'
import {
  blankPlaceholders,
  dropQuery,
  failQuery,
  forgetQueries,
  handOn,
  isWritten,
  keepDormant,
  wakeQueries,
} from '../tanstack/forgetQueries.ts'
import { guardFetch } from '../tanstack/guardFetch.ts'
import { WeakList } from '../tanstack/WeakList.ts'
import { follow } from '../tanstack/withholdEvents.ts'
import type { IsPublic } from './createIsPublic.ts'
import { createDataAge } from './createDataAge.ts'
import { createOutdatedFunctions } from './createOutdatedFunctions.ts'
import type { UserQuery } from './createUserQuery.ts'

/**
 * Does what must wait until React has committed.
 *
 * @param isEarly - Before the effects of the components that have come. Default: after them.
 */
export type AfterCommit = (act: () => void, isEarly?: boolean) => void

export interface PrivateQueries {
  /**
   * Forgets every private query: it leaves the cache, its request is aborted, and a late answer is dropped. If components
   * observe it, a blank query takes its place, which fetches nothing until `wake`.
   *
   * @param isEnd - A session has ended: what was fetched before is refused from here on, whoever brings it.
   */
  forget: (isEnd: boolean) => void
  /**
   * Lets the mounted components fetch their private queries for the session that has begun; while nobody is signed in, only
   * those of the viewer, as a guest.
   */
  wake: (afterCommit: AfterCommit) => void
  /**
   * Keeps private data out of the cache while nobody is signed in, whatever writes it: a mutation that was running, a
   * restored copy of the cache, a broadcast of another tab. Returns a function that stops that.
   */
  watch: () => () => void
}

/** Whether a query's own function has brought what it holds: nobody else writes it. */
const isAnswer = (event: QueryCacheNotifyEvent): boolean =>
  event.type === 'updated' && event.action.type === 'success' && !event.action.manual

/** The queries of the user: all that are not public. Those of the viewer are also a guest's. */
export const createPrivateQueries = (
  client: QueryClient,
  isPublic: IsPublic,
  { isUserQuery, isWaiting }: Pick<UserQuery<unknown>, 'isUserQuery' | 'isWaiting'>,
  session: Pick<SessionMachine<unknown>, 'getState' | 'isCurrent'>,
  commit: { getHeld: () => unknown },
  internals: Pick<Internals, 'isSound'>,
): PrivateQueries => {
  const cache = client.getQueryCache()
  // Queries that the app removed while components showed them. The components still show them.
  const orphans = new Set<Query>()

  const isPrivate = (query: Query): boolean => isUserQuery(query) || isPublic(query) !== true

  /** Whether a query may hold something now. */
  const isAllowed = (query: Query): boolean =>
    !session.isCurrent(null) || (!isUserQuery(query) && isPublic(query) === 'viewer')

  const unsubscribed = new WeakList<Query['observers'][number]>()

  const forget = (queries: Query[], observers: Query['observers'] = []): void =>
    forgetQueries(
      client,
      queries.filter((query) => !isDormant(query) && isPrivate(query)),
      observers,
    )

  let isHinted = false
  const hintOnce = ({ queryHash }: Query): void => {
    if (isHinted) return
    isHinted = true
    hint(
      `the query ${queryHash} is private, so it has no data while nobody is signed in. If it belongs to no user, mark it with meta: { public: true }.`,
    )
  }

  const hearOutdated = createOutdatedFunctions(client)
  /** What is mounted has not begun to fetch yet for the session that has begun, or as a guest. */
  let finishWaking: ((isFetched: boolean) => void) | undefined
  /** The mounted components have just begun to fetch, and the app's own code has not heard of the session yet. */
  let isWaking = false
  const age = createDataAge()

  /**
   * What a query holds in a session and should not: data that is older than the last session's end (server state that is
   * hydrated anew, a broadcast), or nothing for ever, because the app has emptied the cache under a mounted component.
   */
  const correct = (query: Query, isRemoved: boolean, isObserved: boolean): void => {
    const { data, fetchStatus, status } = query.state
    const filters = { predicate: (each: Query) => each === query }
    // The answer that has brought another user has ended the session before.
    if (isWritten(query) && age.isOld(query) && data !== session.getState().user) {
      if (!isPrivate(query)) return
      if (isObserved) void client.resetQueries(filters)
      else forget([query])
    }
    if (data !== undefined || !isObserved || isDormant(query) || !isPrivate(query)) return
    if (isRemoved) queueMicrotask(() => safely(() => handOn(query)))
    else if (isWaking && status === 'pending' && fetchStatus === 'idle')
      queueMicrotask(() => void client.refetchQueries(filters))
  }

  return {
    forget: (isEnd) => {
      finishWaking?.(false)
      const queries = [...cache.getAll(), ...orphans]
      if (isEnd) age.end(queries.filter(isPrivate))
      // Whoever waits for the session that begins is not a guest.
      forget(isEnd ? queries : queries.filter((query) => !isWaiting(query)), unsubscribed.take())
      orphans.clear()
      if (isEnd)
        blankPlaceholders(
          client,
          queries.filter((query) => !isPrivate(query)),
        )
    },

    wake: (afterCommit) => {
      const wakeObservers = wakeQueries(client, isAllowed)
      const finish = (isFetched: boolean): void => {
        finishWaking = undefined
        wakeObservers(isFetched)
        isWaking = isFetched
        setTimeout(() => {
          isWaking = false
        })
      }
      finishWaking = finish
      // A query's function is that of its component's last render, which may still belong to the session before.
      afterCommit(() => finishWaking === finish && finish(true))
    },

    watch: () => {
      // What has been written while nobody watched: since the last end, or by the server for somebody who has left meanwhile.
      if (session.getState().status === 'signed-out') forget(cache.getAll().filter(isWritten))
      return follow(cache, (event) => {
        const { type, query } = event
        const isObserved = query.getObserversCount() > 0
        if (type === 'observerRemoved') {
          if (!isObserved) orphans.delete(query)
          if (isPrivate(query)) unsubscribed.add(event.observer)
        }
        // It renders, and has never subscribed.
        if (type === 'observerOptionsUpdated' && !event.observer.hasListeners() && isPrivate(query))
          unsubscribed.add(event.observer)
        if (type === 'added' && age.hasEnded() && !isDormant(query) && isPrivate(query)) guardFetch(query)
        if (type === 'removed' && isObserved) orphans.add(query)
        // What code of a session that has just ended writes, is written for nobody. What was fetched for that session is
        // out of reach: an answer is for the next one, or for a guest, although React may not have committed it.
        const isHeld = commit.getHeld() && isAllowed(query) && !isUserQuery(query) && !isAnswer(event)
        if (!isHeld && isAllowed(query)) {
          hearOutdated(event)
          if (type === 'removed' || type === 'added' || type === 'updated')
            correct(query, type === 'removed', isObserved)
          age.see(query)
          return
        }
        // If the app empties the cache while nobody is signed in, its components must still wake later.
        if (type === 'removed' && isObserved && !isHeld) keepDormant(client, query)
        if (isDormant(query) || (type !== 'added' && type !== 'updated')) return
        const guard = (): void => {
          if ((!isHeld && isAllowed(query)) || !isWritten(query)) return
          if (internals.isSound() && !isHeld) forget([query])
          else if (isPrivate(query)) dropQuery(client, query)
        }
        if (isAnswer(event) && isPrivate(query)) {
          if (isObserved) hintOnce(query)
          // A suspended component is no observer yet. If its answer were forgotten, it would ask again and again.
          else safely(() => failQuery(query))
        }
        if (type === 'updated' && event.action.type === 'success') guard()
        // `initialData` belongs to the component. The query has it only after this event, so the check waits.
        queueMicrotask(guard)
      })
    },
  }
}
