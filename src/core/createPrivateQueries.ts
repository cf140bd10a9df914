import type { Query, QueryCache, QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'
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

/**
 * Holds the cache's events back until the change is made. A subscribed persister dehydrates the whole cache at every
 * event, which makes forgetting n queries n² work, and would write down what is about to be forgotten.
 */
const withholdEvents = (cache: QueryCache, change: () => void): void => {
  const { notify } = cache
  const events: QueryCacheNotifyEvent[] = []
  cache.notify = (event) => {
    if (!event.type.startsWith('observer')) events.push(event)
  }
  change()
  cache.notify = notify
  for (const event of events) cache.notify(event)
}

/** The queries of the user: all that are not public. */
export const createPrivateQueries = (
  client: QueryClient,
  isPublic: (query: Query) => boolean,
  session: Pick<SessionMachine<unknown>, 'current'>,
): PrivateQueries => {
  const cache = client.getQueryCache()

  const forgetQuery = (query: Query): void => {
    if (query instanceof DormantQuery || isPublic(query)) return
    const observers = query.observers.slice()
    // TanStack keeps a removed query alive in its garbage collection timer, five minutes by default.
    query.gcTime = 0
    cache.remove(query)
    if (observers.length > 0) {
      const dormant = new DormantQuery(client, query)
      cache.add(dormant)
      dormant.adopt(observers)
      query.destroy()
    }
  }

  const guard = (query: Query): void => {
    if (!session.current() && query.state.data !== undefined) forgetQuery(query)
  }

  return {
    forget: () => withholdEvents(cache, () => cache.getAll().forEach(forgetQuery)),

    wake: () => {
      for (const query of cache.getAll()) {
        if (query instanceof DormantQuery) query.wake()
      }
    },

    watch: () =>
      cache.subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'success') guard(event.query)
        else if (/^(added|updated)$/.test(event.type)) {
          // What a component brings along as `initialData` is its own; only after this event does the query know it.
          queueMicrotask(() => {
            const { state, resetState } = event.query
            if (state.data !== resetState.data) guard(event.query)
          })
        }
      }),
  }
}
