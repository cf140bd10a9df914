import type { Query, QueryCache, QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'
import { DormantQuery } from './DormantQuery.ts'

/** Tells which queries are not the user's own. */
export type IsPublicQuery = (query: Query) => boolean

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
  try {
    change()
  } finally {
    cache.notify = notify
  }
  for (const event of events) cache.notify(event)
}

const forgetQuery = (client: QueryClient, query: Query): void => {
  const cache = client.getQueryCache()
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

/**
 * Forgets every private query: out of the cache, its request aborted, and a late answer lands nowhere. Where components
 * observe it, a blank {@link DormantQuery} takes its place, which fetches nothing until {@link wakeQueries}.
 */
export const forgetQueries = (client: QueryClient, isPublic: IsPublicQuery): void => {
  const cache = client.getQueryCache()
  withholdEvents(cache, () => {
    for (const query of cache.getAll()) {
      if (!(query instanceof DormantQuery) && !isPublic(query)) forgetQuery(client, query)
    }
  })
}

/** Lets the mounted components fetch their private queries for the session that has begun. */
export const wakeQueries = (client: QueryClient): void => {
  for (const query of client.getQueryCache().getAll()) {
    if (query instanceof DormantQuery) query.wake()
  }
}

/**
 * Keeps private data out of the cache while nobody is signed in, whoever writes it: a mutation that was running, a
 * restored persisted cache, another tab's broadcast. Returns a function that stops it.
 */
export const guardQueries = (
  client: QueryClient,
  isPublic: IsPublicQuery,
  isSignedOut: () => boolean,
): (() => void) => {
  const cache = client.getQueryCache()
  const isIntruder = (query: Query): boolean =>
    isSignedOut() && query.state.data !== undefined && !(query instanceof DormantQuery) && !isPublic(query)

  return cache.subscribe((event) => {
    if (event.type !== 'added' && event.type !== 'updated') return
    const { query } = event
    if (!isIntruder(query)) return
    if (event.type === 'updated' && event.action.type === 'success') {
      forgetQuery(client, query)
    } else {
      // What a component brings along as `initialData` is its own; only after this event does the query know it.
      queueMicrotask(() => {
        if (isIntruder(query) && query.state.data !== query.resetState.data) forgetQuery(client, query)
      })
    }
  })
}
