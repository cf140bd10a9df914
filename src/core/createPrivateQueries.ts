import { CancelledError, Query, type QueryCacheNotifyEvent, type QueryClient } from '@tanstack/react-query'
import { SignedOutError } from '../errors/SignedOutError.ts'
import { DormantQuery } from './DormantQuery.ts'
import type { SessionMachine } from './session.ts'
import { withholdEvents } from './withholdEvents.ts'

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

/** The queries of the user: all that are not public. */
export const createPrivateQueries = (
  client: QueryClient,
  isPublic: (query: Query) => boolean,
  session: Pick<SessionMachine<unknown>, 'getState'>,
): PrivateQueries => {
  const cache = client.getQueryCache()
  // What the app removed while components were showing it: they show it still.
  const orphans = new Set<Query>()

  const remove = (query: Query): void => {
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

  const forget = (queries: Query[]): void => {
    const forgotten = queries.filter((query) => !(query instanceof DormantQuery) && !isPublic(query))
    withholdEvents<QueryCacheNotifyEvent>(cache, () => forgotten.forEach(remove))
    forgotten.forEach(blank)
    // TanStack keeps a removed query alive in its garbage collection timer, five minutes by default; what was fetching
    // gets another at the end of its request, a few microtasks from here.
    setTimeout(() => forgotten.forEach((query) => Query.prototype.destroy.call(query)))
  }

  return {
    forget: () => {
      forget([...cache.getAll(), ...orphans])
      orphans.clear()
    },

    wake: () => {
      for (const query of cache.getAll()) {
        if (query instanceof DormantQuery) query.wake()
      }
    },

    watch: () =>
      cache.subscribe((event) => {
        const { type, query } = event
        const isObserved = query.observers.length > 0
        if (type === 'observerRemoved' && !isObserved) orphans.delete(query)
        if (type === 'removed' && isObserved) orphans.add(query)
        if (session.getState().token) return
        // A cache that is emptied while signed out must still wake its components later.
        if (type === 'removed' && isObserved && query instanceof DormantQuery) cache.add(query)
        if (query instanceof DormantQuery || (type !== 'added' && type !== 'updated')) return
        const guard = (): void => {
          if (!session.getState().token && query.state.data !== query.resetState.data) forget([query])
        }
        if (type === 'updated' && event.action.type === 'success') {
          // A suspended component, which is no observer yet, would ask again and again for what is forgotten.
          if (event.action.manual || isObserved || isPublic(query)) guard()
          else query.setState({ data: undefined, status: 'error', error: new SignedOutError() })
        }
        // What a component brings along as `initialData` is its own; only after this event does the query know it.
        queueMicrotask(guard)
      }),
  }
}
