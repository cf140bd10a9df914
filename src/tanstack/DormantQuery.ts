import {
  Query,
  type QueryCache,
  type QueryClient,
  type QueryKey,
  type QueryOptions,
} from '@tanstack/react-query'
import { SignedOutError } from '../errors/SignedOutError.ts'
import { safely } from '../errors/safely.ts'

type Observers = Query['observers']
type Suspendable = QueryOptions<unknown, Error, unknown, QueryKey> & { suspense?: boolean }

/**
 * Stands in the cache for a private query that mounted components still observe while nobody is signed in: blank,
 * deaf to every write (late answers, optimistic rollbacks, `initialData`, hydration), and fetching nothing (focus,
 * reconnect, `refetchInterval`). The query that it replaces is out of the cache and without observers, so that
 * whatever still comes back for it lands nowhere.
 */
export class DormantQuery extends Query {
  readonly #cache: QueryCache
  /** Wake the suspended components that have asked it for data. */
  readonly #waiting: (() => void)[] = []

  constructor(client: QueryClient, { queryKey, queryHash, options }: Query) {
    super({ client, queryKey, queryHash, options })
    this.#cache = client.getQueryCache()
  }

  /** Takes over the observers of the forgotten query and shows each of them the blank state, once. */
  adopt(observers: Observers): void {
    const blank = this.state
    // An observer remembers, for `keepPreviousData`, the last query that had data: from here on it is this one. What
    // it has memoised (selected data, placeholder) is overwritten as well, unnoticed by its listeners, and unseen by
    // functions of the app's (`enabled`, `staleTime`, `structuralSharing` ...).
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
      observer.options = { ...options, notifyOnChangeProps: 'all' }
      safely(() => observer.updateResult())
      observer.options = options
    }
  }

  /** Gives way to a fresh query, which its observers fetch if they are enabled. */
  wake(): void {
    this.#cache.remove(this)
    // Before 5.85 a listener's exception comes out of here.
    for (const observer of this.observers.slice()) safely(() => observer.setOptions(observer.options))
  }

  override setOptions(options?: QueryOptions): void {
    // It is given to each observer's, and needs but those of the query that it replaces.
    this.options ??= { ...options, initialData: undefined }
  }

  override setData<TData>(data: TData): TData {
    return data
  }

  override setState(): void {}

  override async fetch(options?: Suspendable, fetchOptions?: object): Promise<unknown> {
    // A suspended component would render, and so ask again, as often as it were refused. Its observer wakes it. Before
    // 5.104 it gives no options at all.
    if (options ? options.suspense : !fetchOptions)
      return new Promise<void>((resolve) => void this.#waiting.push(resolve))
    throw new SignedOutError()
  }

  override removeObserver(observer: Observers[number]): void {
    super.removeObserver(observer)
    if (this.observers.length > 0) return
    // Even its key may tell of the user.
    this.#cache.remove(this)
    this.#waiting.forEach((resume) => resume())
  }
}
