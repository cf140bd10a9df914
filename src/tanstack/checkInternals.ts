import { MutationObserver, type QueryClient, QueryObserver } from '@tanstack/react-query'
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

/** Makes another object of the same class. */
const create = <T extends object>({ constructor }: T, options: object): T =>
  Reflect.construct(constructor, [options]) as T

/**
 * Uses a throwaway client. Forgets a query that is shown, one that fetches, one that nobody observes, a mutation that has
 * just been called and one that runs. Then lets the queries wake. Throws if anything is left.
 */
const forgetProbes = (app: QueryClient): Promise<void> => {
  let isCalled = false
  const onSuccess = (): void => {
    isCalled = true
  }
  const client = create(app, { mutationCache: create(app.getMutationCache(), { onSuccess }) })
  const queries = client.getQueryCache()
  const ledger = createMutationLedger(client.getMutationCache())
  const stop = ledger.watch(ignore, ignore)

  let answers: (() => void)[] = []
  const answerLater = (): Promise<string> => new Promise((resolve) => answers.push(() => resolve(secret)))
  const answerAll = (count: number): void => {
    assert(answers.length === count)
    for (const answer of answers) answer()
    answers = []
  }

  const common = { retry: false, networkMode: 'always' } as const
  const observe = (name: string): QueryObserver<string> => {
    const observer = new QueryObserver<string>(client, {
      ...common,
      queryKey: [name],
      queryFn: answerLater,
      staleTime: 60_000,
      placeholderData: (previous) => previous,
    })
    observer.subscribe(ignore)
    return observer
  }
  const mutate = (mutationFn: () => Promise<string>): MutationObserver<string> => {
    const observer = new MutationObserver<string>(client, { ...common, mutationFn, onSuccess })
    observer.subscribe(ignore)
    observer.mutate().catch(ignore)
    return observer
  }

  client.setQueryData(['shown'], secret)
  client.setQueryData(['unseen'], secret)
  const observers = [observe('shown'), observe('fetching')]
  const mutations = [mutate(async () => (onSuccess(), secret))]

  const assertForgotten = (): void => {
    for (const observer of observers) {
      const { data, status, fetchStatus } = observer.getCurrentResult()
      assert(data === undefined && status === 'pending' && fetchStatus === 'idle')
    }
    assert(mutations.every((observer) => observer.getCurrentResult().isIdle) && !isCalled)
    assert(!queries.getAll().some(({ state }) => JSON.stringify(state).includes(secret)))
    assert(queries.getAll().length === observers.length && ledger.getAll().length === 0)
  }
  forgetQueries(client, queries.getAll())
  ledger.forget(ledger.getAll(), createFailure)
  assertForgotten()
  client.setQueryData(['shown'], secret)
  answerAll(1)
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
    for (const observer of observers) {
      assert(observer.getCurrentResult().data === secret)
      observer.destroy()
    }
  }
  return finish().finally(() => {
    stop()
    client.clear()
  })
}

const checks = new WeakMap<object, InternalsCheck>()

/** Checks the behaviour, on a throwaway client of the same class as the app's, once for each class. */
export const checkInternals = (app: QueryClient): InternalsCheck => {
  const known = checks.get(app.constructor)
  if (known) return known
  const later = safely(
    () => forgetProbes(app),
    () => {},
  )
  const check: InternalsCheck = { isSound: later !== undefined, later: later ?? Promise.reject(new Error()) }
  check.later.catch(() => {
    check.isSound = false
  })
  checks.set(app.constructor, check)
  return check
}
