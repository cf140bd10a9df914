import type {
  Mutation,
  MutationCache,
  MutationCacheNotifyEvent,
  MutationObserver,
} from '@tanstack/react-query'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { attempt } from './attempt.ts'
import type { SessionEndReason } from './AuthState.ts'
import { withholdEvents } from './withholdEvents.ts'

type Observer = MutationObserver<unknown, Error, unknown, unknown>

/** A call for a login or logout that a mutation makes: one, however often the mutation tries. */
export interface OwnCall {
  /** In the caller's own tick, whatever callbacks wait for. */
  start: () => void
  run: (variables: unknown) => Promise<unknown>
  /** Whether its mutation is left alone when all others are forgotten. */
  isKept: (isPending: boolean) => boolean
}

export interface PrivateMutations {
  /** Forgets every private mutation but the logout that is under way and the login that follows. */
  forget: (reason: SessionEndReason) => void
  /** Lets go of the results of logouts: another user's session begins. */
  forgetLogouts: () => void
  /** Follows the mutation cache. Returns a function that stops it. */
  watch: () => () => void
}

/**
 * The mutations of the user: all that are not public. A mutation cannot be cancelled: its retry sends again, its
 * callbacks write into whatever cache they captured, and a mounted `useMutation` gives a running one its options back at
 * every render. So its observers are detached first, then it leaves the cache, and then it loses its function and
 * callbacks.
 *
 * @param startCall - Makes the call that a mutation makes once it is added, where it is the client's own.
 */
export const createPrivateMutations = (
  cache: MutationCache,
  isPublic: (mutation: Mutation) => boolean,
  startCall: (mutationFn: unknown) => OwnCall | undefined,
): PrivateMutations => {
  const observers = new WeakMap<Mutation, Set<Observer>>()
  const observersOf = (mutation: Mutation): Set<Observer> => observers.get(mutation) ?? new Set()

  const calls = new WeakMap<Mutation, OwnCall>()
  const isKept = (mutation: Mutation, isPending: boolean): boolean | undefined =>
    calls.get(mutation)?.isKept(isPending)

  // A cache that the app has emptied no longer lists what is running.
  const running = new Set<Mutation>()
  const forgotten = new WeakSet()

  const detach = (mutation: Mutation): void => {
    for (const observer of observersOf(mutation)) attempt(observer.reset)
    cache.remove(mutation)
    mutation.destroy()
  }

  /** The callbacks of the cache itself are not called either for what is forgotten. */
  const guardCallbacks = (config: MutationCache['config']): MutationCache['config'] =>
    new Proxy(config, {
      get: (target, name) => {
        const callback: unknown = Reflect.get(target, name)
        if (typeof callback !== 'function') return callback
        return (...given: unknown[]): unknown =>
          given.some((value) => forgotten.has(Object(value)))
            ? undefined
            : Reflect.apply(callback, target, given)
      },
    })
  let config = guardCallbacks(cache.config)
  Object.defineProperty(cache, 'config', {
    get: () => config,
    set: (next: MutationCache['config']) => {
      config = guardCallbacks(next)
    },
  })

  return {
    forget: (reason) => {
      withholdEvents<MutationCacheNotifyEvent>(cache, () => {
        for (const mutation of new Set([...cache.getAll(), ...running])) {
          if (isKept(mutation, mutation.state.status === 'pending') || isPublic(mutation)) continue
          forgotten.add(mutation)
          running.delete(mutation)
          detach(mutation)
          mutation.options = { mutationFn: () => Promise.reject(new SessionEndedError(reason)) }
        }
      })
    },

    forgetLogouts: () =>
      withholdEvents(cache, () => {
        for (const mutation of cache.getAll()) if (isKept(mutation, false)) detach(mutation)
      }),

    watch: () =>
      cache.subscribe((event) => {
        const { type, mutation } = event
        const call = type === 'added' && startCall(mutation.options.mutationFn)
        if (call) {
          calls.set(mutation, call)
          call.start()
          const { setOptions } = mutation
          // Nothing here waits for a network.
          mutation.setOptions = (options) =>
            setOptions.call(mutation, { ...options, networkMode: 'always', mutationFn: call.run })
          mutation.setOptions(mutation.options)
        }
        if (type === 'observerAdded') observers.set(mutation, observersOf(mutation).add(event.observer))
        if (type === 'observerRemoved') observersOf(mutation).delete(event.observer)
        if (type !== 'updated' || forgotten.has(mutation)) return
        const { status, isPaused, variables } = mutation.state
        const isPending = status === 'pending'
        running[isPending ? 'add' : 'delete'](mutation)
        if (calls.has(mutation)) {
          // TanStack asks a pending mutation without observers every so many milliseconds whether it is over.
          mutation.gcTime = isPending ? 100 : 0
          if (isPending && !(isPaused && variables)) return
          // The password has done its work, or waits in the call's own hands.
          mutation.state = { ...mutation.state, variables: undefined }
          // What is paused is written down by persisters.
          if (isPending) return cache.notify(event)
          // An action that runs no callbacks a second time.
          for (const observer of observersOf(mutation)) observer.onMutationUpdate({ type: 'continue' })
          if (!observersOf(mutation).size) detach(mutation)
        }
      }),
  }
}
