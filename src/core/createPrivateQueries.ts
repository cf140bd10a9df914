import type { Query, QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'
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

  return {
    forget: () => {
      // The cache's events wait until all is forgotten. A subscribed persister dehydrates the whole cache at every event,
      // which would make this n² work, and write down what is about to be forgotten.
      const { notify } = cache
      const events: QueryCacheNotifyEvent[] = []
      cache.notify = (event) => {
        if (!event.type.startsWith('observer')) events.push(event)
      }
      cache.getAll().forEach(forgetQuery)
      cache.notify = notify
      for (const event of events) cache.notify(event)
    },

    wake: () => {
      for (const query of cache.getAll()) {
        if (query instanceof DormantQuery) query.wake()
      }
    },

    watch: () =>
      cache.subscribe((event) => {
        const { query } = event
        const guard = (): void => {
          if (!session.getState().token && query.state.data !== query.resetState.data) forgetQuery(query)
        }
        if (session.getState().token) return
        // What a component brings along as `initialData` is its own; only after this event does the query know it.
        if (event.type === 'updated' && event.action.type === 'success') guard()
        else queueMicrotask(guard)
      }),
  }
}
