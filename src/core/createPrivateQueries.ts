import type { Query, QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'
import { attempt } from './attempt.ts'
import { DormantQuery } from './DormantQuery.ts'
import type { SessionMachine } from './session.ts'

export interface PrivateQueries {
  /**
   * Forgets every private query: out of the cache, its request aborted, and a late answer lands nowhere. Where
   * components observe it, a blank {@link DormantQuery} takes its place, which fetches nothing until `wake`.
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
  session: Pick<SessionMachine<unknown>, 'getState'>,
): PrivateQueries => {
  const cache = client.getQueryCache()
  // What the app removed while components were showing it: they show it still.
  let orphans: Query[] = []

  const forgetQuery = (query: Query): void => {
    if (query instanceof DormantQuery || isPublic(query)) return
    const observers = query.observers.slice()
    // TanStack keeps a removed query alive in its garbage collection timer, five minutes by default.
    query.gcTime = 0
    cache.remove(query)
    if (observers.length > 0) {
      cache.add(new DormantQuery(client, query))
      const dormant = cache.get(query.queryHash)
      if (dormant instanceof DormantQuery) dormant.adopt(observers)
      query.destroy()
    }
  }

  return {
    forget: () => {
      // The cache's events wait until all is forgotten. A subscribed persister dehydrates the whole cache at every event,
      // which would make this n² work, and write down what is about to be forgotten.
      const { notify } = cache
      const events: QueryCacheNotifyEvent[] = []
      cache.notify = (event) => {
        if (!event.type.startsWith('observer')) events.push(event)
      }
      for (const query of [...cache.getAll(), ...orphans]) forgetQuery(query)
      orphans = []
      cache.notify = notify
      for (const event of events) attempt(() => cache.notify(event))
    },

    wake: () => {
      for (const query of cache.getAll()) {
        if (query instanceof DormantQuery) query.wake()
      }
    },

    watch: () =>
      cache.subscribe((event) => {
        const { type, query } = event
        if (type === 'removed') orphans = [...orphans, query].filter(({ observers }) => observers.length)
        if (session.getState().token) return
        // A cache that is emptied while signed out must still wake its components later.
        if (type === 'removed' && query instanceof DormantQuery && query.observers.length) cache.add(query)
        const guard = (): void => {
          if (!session.getState().token && query.state.data !== query.resetState.data) forgetQuery(query)
        }
        if (event.type === 'updated' && event.action.type === 'success') guard()
        // What a component brings along as `initialData` is its own; only after this event does the query know it.
        queueMicrotask(guard)
      }),
  }
}
