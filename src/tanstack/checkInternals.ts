import {
  dehydrate,
  hydrate,
  MutationObserver,
  notifyManager,
  type QueryClient,
  QueryObserver,
  type QueryObserverResult,
} from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { createMutationLedger } from './createMutationLedger.ts'
import { forgetQueries, wakeQueries } from './forgetQueries.ts'

/** Whether this TanStack Query forgets what it has to: what shows at once, and what shows a few microtasks later. */
export interface InternalsCheck {
  isSound: boolean
  /** Rejects if it does not. */
  later: Promise<void>
}

const secret = 'secret'

const passMicrotasks = async (count: number): Promise<void> => {
  if (count === 0) return
  await Promise.resolve()
  await passMicrotasks(count - 1)
}

const ignore = (): void => {}

const createFailure = (): Error => new Error()

const assert = (isTrue: boolean): void => {
  if (!isTrue) throw new Error()
}

/**
 * TanStack's own class below the app's: whatever a constructor of the app's asks for or touches, which may be the app's
 * own caches, is left alone.
 */
const classOf = (client: object): new () => QueryClient => {
  const above = Object.getPrototypeOf(client) as object
  return 'getQueryCache' in above ? classOf(above) : (client.constructor as new () => QueryClient)
}

/**
 * Forgets, on a throwaway client, a shown query, two in flight, of which one is then left, one that nobody observes, a
 * mutation that is called and one that runs; then lets the queries wake.
 */
const forgetProbes = (Client: new () => QueryClient): Promise<void> => {
  const { setScheduler, batch, schedule } = notifyManager
  assert([setScheduler, batch, schedule].every(Boolean))
  let isCalled = false
  const onSuccess = (): void => {
    isCalled = true
  }
  const client = new Client()
  const queries = client.getQueryCache()
  client.getMutationCache().config.onSuccess = onSuccess
  const ledger = createMutationLedger(client.getMutationCache())
  const heard = new Set<string>()
  const stops = [
    queries.subscribe(({ type }) => void heard.add(type)),
    ledger.watch(
      ({ options }) => {
        heard.add('mutation added')
        assert(!!options.mutationFn)
      },
      (event) => {
        heard.add('mutation updated')
        ledger.releaseEarly(event.mutation)
        if (event.mutation.state.variables) ledger.dropVariables(event)
      },
      ignore,
    ),
  ]

  let answers: (() => void)[] = []
  const answerLater = (): Promise<string> => new Promise((resolve) => answers.push(() => resolve(secret)))
  const answerAll = (count: number): void => {
    assert(answers.length === count)
    for (const answer of answers) answer()
    answers = []
  }

  const common = { retry: false, networkMode: 'always' } as const
  const told = new Map<string, QueryObserverResult<string>>()
  const observers: QueryObserver<string>[] = []
  const observe = (name: string): void => {
    const observer = new QueryObserver<string>(client, {
      ...common,
      queryKey: [name],
      queryFn: answerLater,
      staleTime: 60_000,
      placeholderData: (previous) => previous,
    })
    observers.push(observer)
    stops.push(observer.subscribe((result) => void told.set(name, result)))
  }
  const mutate = (mutationFn: () => Promise<string>): MutationObserver<string, Error, string> => {
    const observer = new MutationObserver<string, Error, string>(client, { ...common, mutationFn, onSuccess })
    observer.subscribe(ignore)
    observer.mutate(secret).catch(ignore)
    return observer
  }

  client.setQueryData(['shown'], secret)
  const copy = dehydrate(client)
  client.setQueryData(['unseen'], secret)
  observe('shown')
  observe('fetching')
  observe('gone')
  const mutations = [mutate(async () => (onSuccess(), secret))]

  const assertForgotten = (): void => {
    for (const { data, status, fetchStatus } of told.values()) {
      assert(data === undefined && status === 'pending' && fetchStatus === 'idle')
    }
    for (const observer of observers.slice(0, 2)) {
      assert(observer.getOptimisticResult(client.defaultQueryOptions(observer.options)).data === undefined)
    }
    assert(mutations.every((observer) => observer.getCurrentResult().isIdle) && !isCalled)
    assert(!queries.getAll().some(({ state }) => JSON.stringify(state).includes(secret)))
    assert(told.size === 3 && queries.getAll().length === 2 && ledger.getAll().length === 0)
  }
  forgetQueries(client, queries.getAll())
  ledger.forget(ledger.getAll(), createFailure)
  stops.pop()?.()
  assertForgotten()
  assert(
    ['added', 'updated', 'removed', 'mutation added', 'mutation updated'].every((type) => heard.has(type)),
  )
  client.setQueryData(['shown'], secret)
  hydrate(client, copy)
  void client.refetchQueries()
  answerAll(2)
  assertForgotten()

  const finish = async (): Promise<void> => {
    mutations.push(mutate(answerLater))
    await passMicrotasks(30)
    ledger.forget(ledger.getAll(), createFailure)
    answerAll(1)
    await passMicrotasks(30)
    assertForgotten()
    wakeQueries(client)(true)
    answerAll(2)
    await passMicrotasks(30)
    assert(['shown', 'fetching'].every((name) => told.get(name)?.data === secret))
  }
  return finish().finally(() => {
    for (const stop of stops) stop()
    client.clear()
  })
}

const checks = new WeakMap<object, InternalsCheck>()

/** Checks the behaviour, on a throwaway client of the TanStack Query that the app uses, once for each. */
export const checkInternals = (app: QueryClient): InternalsCheck => {
  const Client = classOf(app)
  const known = checks.get(Client)
  if (known) return known
  const later = safely(() => forgetProbes(Client), ignore)
  const check: InternalsCheck = { isSound: later !== undefined, later: later ?? Promise.resolve() }
  check.later.catch(() => {
    check.isSound = false
  })
  checks.set(Client, check)
  return check
}
