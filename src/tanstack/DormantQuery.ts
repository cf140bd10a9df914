import {
  Query,
  type QueryCache,
  type QueryClient,
  type QueryKey,
  type QueryOptions,
} from '@tanstack/react-query'
import { SignedOutError } from '../errors/SignedOutError.ts'
import { report, safely } from '../errors/safely.ts'
import { guardPlaceholder } from './guardPlaceholder.ts'

type Observers = Query['observers']
type Suspendable = QueryOptions<unknown, Error, unknown, QueryKey> & { suspense?: boolean }

/**
 * Takes the place of a private query that mounted components still observe while nobody is signed in. It is blank. It
 * ignores every write (late answers, optimistic rollbacks, `initialData`, hydration), and fetches nothing (focus,
 * reconnect, `refetchInterval`). The query that it replaces is out of the cache and has no observers, so nobody sees what
 * still comes back for it.
 */
export class DormantQuery extends Query {
  readonly #cache: QueryCache
  /** Functions that wake the suspended components that have asked it for data. */
  readonly #waiting: (() => void)[] = []

  constructor(client: QueryClient, { queryKey, queryHash, options }: Query) {
    const cache = client.getQueryCache()
    // Before 5.66 a query is made with the cache alone.
    const config = { client, cache, queryKey, queryHash, options }
    super(config)
    this.#cache = cache
  }

  /** Takes over the observers of the forgotten query, and shows the blank state to each of them, once. */
  adopt(observers: Observers): void {
    const blank = this.state
    // For `keepPreviousData`, an observer remembers the last query that had data. From here on that is this query. This
    // also overwrites what the observer has memoised (selected data, placeholder). Its listeners do not notice, and the
    // app's functions (`enabled`, `staleTime`, `structuralSharing` ...) are not called.
    const empty = { ...blank, data: null, status: 'success' as const }
    const unseen = {
      queryKey: this.queryKey,
      queryHash: this.queryHash,
      _defaulted: true,
      enabled: false,
      select: () => null,
      notifyOnChangeProps: [],
    }
    for (const observer of observers) {
      const { options } = observer
      this.state = empty
      observer.options = {} as typeof unseen
      observer.setOptions(unseen)
      this.state = blank
      if (typeof options?.placeholderData === 'function') guardPlaceholder(observer, isDormant)
      observer.options = { ...options, notifyOnChangeProps: 'all' }
      safely(
        () => observer.updateResult(),
        (failure) => {
          report(failure)
          // One of the app's functions expects data. Without them the blank state is shown all the same.
          observer.options = { ...unseen, notifyOnChangeProps: 'all' }
          safely(() => observer.updateResult())
        },
      )
      observer.options = options
    }
  }

  /** Hands its observers on to a fresh query. They fetch it if they are enabled, and only where `isFetched` says so. */
  wake(isFetched: boolean): void {
    for (const observer of this.observers.slice()) {
      const { options } = observer
      // Before 5.85 a listener's exception comes out of here.
      safely(() => observer.setOptions(isFetched ? options : { ...options, enabled: false }))
      observer.options = options
    }
  }

  // It is kept exactly as long as it is observed. A timer each would take longer than all else that is done here.
  protected override scheduleGc(): void {}

  override setOptions(options?: QueryOptions): void {
    // Every observer sets its options here. The query needs none of their functions, which may hold what they have read.
    this.options ??= options?.meta ? { meta: options.meta } : {}
  }

  override setData<TData>(data: TData): TData {
    return data
  }

  override setState(): void {}

  override async fetch(options?: Suspendable, fetchOptions?: object): Promise<unknown> {
    // If it were refused, a suspended component would render and ask again, without end. So it waits to be woken. Before
    // 5.104 it gives no options at all.
    if (options ? options.suspense : !fetchOptions)
      return new Promise<void>((resolve) => void this.#waiting.push(resolve))
    throw new SignedOutError()
  }

  override removeObserver(observer: Observers[number]): void {
    super.removeObserver(observer)
    if (this.observers.length > 0) return
    // Even its key may say something of the user.
    this.#cache.remove(this)
    this.#waiting.forEach((resume) => resume())
  }
}

/** Whether a query is the blank one that takes the place of a forgotten query. */
export const isDormant = (query: Query): boolean => query instanceof DormantQuery
