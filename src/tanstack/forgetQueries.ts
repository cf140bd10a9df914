import { CancelledError, Query, type QueryCacheNotifyEvent, type QueryClient } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import { DormantQuery, isDormant } from './DormantQuery.ts'
import { isFollowed, withholdEvents } from './withholdEvents.ts'

const nothing = { fetchStatus: 'idle' } as Query['state']
const fetchNothing = (): Promise<unknown> => new Promise(() => {})
const destroyNothing = (): void => {}
const deafState = {
  get: () => nothing,
  set: ({ status }: Query['state']) => {
    // Nobody catches what is thrown when a try fails or waits for the network. Not `silent`: before 5.105 who awaits the
    // answer would get it.
    if (status === 'success' || status === 'error') throw new CancelledError({ revert: true })
  },
}

/**
 * Empties a query, so that code that still holds it finds nothing: a persister that stores it, a restored copy that would
 * fetch. An answer that has already arrived, and waits in a microtask, is dropped.
 */
const blank = (query: Query): void => {
  const isFetching = query.state.fetchStatus !== 'idle'
  query.state = nothing
  query.options = {}
  query.queryKey = []
  query.queryHash = ''
  query.fetch = fetchNothing
  // A component that has rendered it, and is its observer only now, would have TanStack keep it for five minutes.
  query.gcTime = 0
  if (!isFetching) return
  query.setState = () => {}
  Object.defineProperty(query, 'state', deafState)
}

/** Takes a query out of the cache. Its observers get a blank query, which fetches nothing. */
const remove = (client: QueryClient, query: Query): void => {
  const cache = client.getQueryCache()
  const { observers } = query
  // An idle query has only a timer to destroy, which would take longer than everything else here.
  if (query.state.fetchStatus === 'idle') query.destroy = destroyNothing
  cache.remove(query)
  if (observers.length > 0) {
    query.observers = []
    const own = new DormantQuery(client, query)
    cache.add(own)
    // If the app has removed the query, another may have its place by now: a blank one, or a public one.
    const other = cache.get(query.queryHash)
    const dormant = other instanceof DormantQuery ? other : own
    dormant.adopt(observers)
  }
}

/** Blanks observers that observe nothing: they remember results and placeholders. */
const blankObservers = (client: QueryClient, observers: Query['observers']): void => {
  const cache = client.getQueryCache()
  const queryHash = 'signoff'
  const dormant = new DormantQuery(client, { queryKey: [queryHash], queryHash } as unknown as Query)
  cache.add(dormant)
  dormant.adopt(observers)
  cache.remove(dormant)
}

/** Takes what a forgotten query has held from whoever shows it while one that is kept is on its way. */
export const blankPlaceholders = (client: QueryClient, kept: readonly Query[]): void => {
  const shown = new Set(kept.map(({ state }) => state.data))
  for (const observer of kept.flatMap(({ observers }) => observers)) {
    const { options } = observer
    const { data, isPlaceholderData } = observer.getCurrentResult()
    if (!isPlaceholderData || typeof options.placeholderData !== 'function' || shown.has(data)) continue
    blankObservers(client, [observer])
    observer.setOptions(options)
  }
}

/**
 * Forgets queries: they leave the cache, their requests are aborted, and late answers are dropped. If components observe
 * one, a {@link DormantQuery} takes its place until {@link wakeQueries}.
 *
 * @param unsubscribed - Observers that have stopped to listen, in a hidden `<Activity>` for example. Default: none.
 */
export const forgetQueries = (
  client: QueryClient,
  queries: readonly Query[],
  unsubscribed: Query['observers'] = [],
): void => {
  const cache = client.getQueryCache()
  const forgotten = new Set(queries)
  const isOwn = ({ query }: QueryCacheNotifyEvent): boolean => forgotten.has(query) || isDormant(query)
  const change = (): void => {
    for (const query of queries) remove(client, query)
    const idle = unsubscribed.filter((observer) => !observer.hasListeners())
    if (idle.length > 0) blankObservers(client, idle)
  }
  withholdEvents<QueryCacheNotifyEvent>(cache, change, isFollowed(cache) ? undefined : isOwn)
  queries.forEach(blank)
  // TanStack's garbage collection timer keeps a removed query alive, by default for five minutes. A query that was
  // fetching gets another timer at the end of its request, a few microtasks from here.
  setTimeout(() => safely(() => queries.forEach((query) => Query.prototype.destroy.call(query))))
}

/**
 * Makes room in the cache for fresh queries: whoever asks for one finds it from here on. What observed the forgotten ones
 * goes on to show nothing until the returned function hands it on, with or without a fetch.
 *
 * @param isWoken - Default: all of them.
 */
export const wakeQueries = (
  client: QueryClient,
  isWoken: (query: Query) => boolean = () => true,
): ((isFetched: boolean) => void) => {
  const cache = client.getQueryCache()
  const dormant = cache
    .getAll()
    .filter((query): query is DormantQuery => query instanceof DormantQuery && isWoken(query))
  for (const query of dormant) cache.remove(query)
  return (isFetched) => {
    for (const query of dormant) query.wake(isFetched)
  }
}

/** Hands what observes a query that has left the cache on to a fresh one, which is fetched where it is enabled. */
export const handOn = ({ observers }: Query): void => {
  for (const observer of observers.slice()) observer.setOptions(observer.options)
}

/** Puts a dormant query back that the app has taken out of the cache, so that it can still be woken. */
export const keepDormant = (client: QueryClient, query: Query): void => {
  if (isDormant(query)) client.getQueryCache().add(query)
}

/** Whether a query holds other data than it was made with. (`initialData` belongs to the component that brings it.) */
export const isWritten = ({ state: { data, dataUpdateCount }, resetState, options }: Query): boolean => {
  // Before 5.91 there is no `resetState`.
  const initial = resetState ?? { data: dataUpdateCount ? undefined : options.initialData && data }
  return data !== undefined && data !== initial.data
}

/** Takes back an answer that has just been written, and lets the query fail instead. */
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
