import { CancelledError, Query, type QueryCacheNotifyEvent, type QueryClient } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import { DormantQuery } from './DormantQuery.ts'
import { withholdEvents } from './withholdEvents.ts'

const nothing = { fetchStatus: 'idle' } as Query['state']
const fetchNothing = (): Promise<unknown> => new Promise(() => {})
const destroyNothing = (): void => {}
const deafState = {
  get: () => nothing,
  set: () => {
    throw new CancelledError({ silent: true })
  },
}

/**
 * Whoever still holds the query finds nothing: a persister that writes it down, a restored copy that would fetch. And
 * an answer that has already arrived, and waits in a microtask, is told to nobody.
 */
const blank = (query: Query): void => {
  const isFetching = query.state.fetchStatus !== 'idle'
  query.state = nothing
  query.options = {}
  query.queryKey = []
  query.queryHash = ''
  query.fetch = fetchNothing
  if (!isFetching) return
  query.setState = () => {}
  Object.defineProperty(query, 'state', deafState)
}

/** Takes a query out of the cache; what observes it is given a blank one, which fetches nothing. */
const remove = (client: QueryClient, query: Query): void => {
  const cache = client.getQueryCache()
  const { observers } = query
  // All that there is to destroy of it is a timer, and that takes longer than everything else.
  if (query.state.fetchStatus === 'idle') query.destroy = destroyNothing
  cache.remove(query)
  if (observers.length > 0) {
    query.observers = []
    cache.add(new DormantQuery(client, query))
    const dormant = cache.get(query.queryHash)
    if (dormant instanceof DormantQuery) dormant.adopt(observers)
  }
}

/** Whether a query stands, blank, for a forgotten one that is still observed. */
export const isDormant = (query: Query): boolean => query instanceof DormantQuery

/**
 * Forgets queries: out of the cache, their requests aborted, and a late answer lands nowhere. Where components observe
 * one, a {@link DormantQuery} takes its place until {@link wakeQueries}.
 */
export const forgetQueries = (client: QueryClient, queries: readonly Query[]): void => {
  withholdEvents<QueryCacheNotifyEvent>(client.getQueryCache(), () => {
    for (const query of queries) remove(client, query)
  })
  queries.forEach(blank)
  // TanStack keeps a removed query alive in its garbage collection timer, five minutes by default; what was fetching
  // gets another at the end of its request, a few microtasks from here.
  setTimeout(() => safely(() => queries.forEach((query) => Query.prototype.destroy.call(query))))
}

/** Lets the mounted components fetch what was forgotten. */
export const wakeQueries = (client: QueryClient): void => {
  for (const query of client.getQueryCache().getAll()) {
    if (query instanceof DormantQuery) query.wake()
  }
}

/** A dormant query that was taken out of the cache by somebody else, and is observed, must be found when it is time to wake. */
export const keepDormant = (client: QueryClient, query: Query): void => {
  if (isDormant(query)) client.getQueryCache().add(query)
}

/** Whether a query holds other data than it was made with: what a component brings along as `initialData` is its own. */
export const isWritten = ({ state: { data }, resetState }: Query): boolean =>
  data !== undefined && data !== resetState?.data

/** Takes an answer back that has just been written, and fails instead. */
export const failQuery = (query: Query): void =>
  query.setState({ data: undefined, status: 'error', error: new SignedOutError() })

/** Leaves a query, and whatever observes it, without data: by what TanStack Query documents. */
export const emptyQuery = (query: Query): void => {
  safely(() => failQuery(query))
  if (query.state.data !== undefined) safely(() => query.reset())
}

/** Takes back what has been written into a query: by what TanStack Query documents. */
export const dropQuery = (client: QueryClient, query: Query): void => {
  emptyQuery(query)
  if (query.getObserversCount() === 0) client.removeQueries({ predicate: (each) => each === query })
}
