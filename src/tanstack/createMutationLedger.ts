import type {
  Mutation,
  MutationCache,
  MutationCacheNotifyEvent,
  MutationObserver,
} from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { guardCallbacks, isForgotten, markForgotten } from './guardCallbacks.ts'
import { withholdEvents } from './withholdEvents.ts'

type Observer = MutationObserver<unknown, Error, unknown, unknown>

/**
 * What a mutation cache keeps to itself: who observes a mutation, and which ones are running although the app has
 * emptied the cache. A mutation cannot be cancelled: its retry sends again, its callbacks write into whatever cache they
 * captured, and a mounted `useMutation` gives a running one its options back at every render. So it loses its function
 * and callbacks, its observers are detached, and it leaves the cache.
 */
export interface MutationLedger {
  /** All that are in the cache, and all that are running. */
  getAll: () => Mutation[]
  hasObservers: (mutation: Mutation) => boolean
  /** Takes mutations out of the cache and out of the hands of those who observe them. */
  detach: (mutations: readonly Mutation[]) => void
  /**
   * Forgets mutations: what they have yet to send is never sent, and their callbacks are not called.
   *
   * @param failure - What comes of those that are running.
   */
  forget: (mutations: readonly Mutation[], failure: () => Error) => void
  /** Runs another function for a mutation, whatever options its observers give it, and without waiting for a network. */
  replaceFunction: (mutation: Mutation, run: (variables: unknown) => Promise<unknown>) => void
  /** Keeps a mutation no longer than it runs and is observed. */
  releaseEarly: (mutation: Mutation) => void
  /** Takes away what a mutation was called with. Those who observe it are told. */
  dropVariables: (event: MutationCacheNotifyEvent & { type: 'updated' }) => void
  /**
   * Follows the cache, and tells what becomes of each mutation that is not forgotten, and when one that is has settled.
   * Returns a function that stops it.
   */
  watch: (
    onAdded: (mutation: Mutation) => void,
    onUpdated: (event: MutationCacheNotifyEvent & { type: 'updated' }) => void,
    onLate: () => void,
  ) => () => void
}

export const createMutationLedger = (cache: MutationCache): MutationLedger => {
  const observers = new WeakMap<Mutation, Set<Observer>>()
  const observersOf = (mutation: Mutation): Set<Observer> => observers.get(mutation) ?? new Set()
  const running = new Set<Mutation>()

  const detachOne = (mutation: Mutation): void => {
    for (const observer of observersOf(mutation)) safely(observer.reset)
    cache.remove(mutation)
    mutation.destroy()
  }

  return {
    getAll: () => [...new Set([...cache.getAll(), ...running])],
    hasObservers: (mutation) => observersOf(mutation).size > 0,
    detach: (mutations) => withholdEvents(cache, () => mutations.forEach(detachOne)),

    forget: (mutations, failure) =>
      withholdEvents<MutationCacheNotifyEvent>(cache, () => {
        const options = { mutationFn: () => Promise.reject(failure()) }
        for (const mutation of mutations) {
          markForgotten(mutation)
          running.delete(mutation)
          // Whichever of the two this TanStack knows.
          safely(() => mutation.setOptions(options))
          safely(() => void (mutation.options = options))
        }
        mutations.forEach(detachOne)
      }),

    replaceFunction: (mutation, run) => {
      const { setOptions } = mutation
      const own = (options: typeof mutation.options): typeof options => ({
        ...options,
        networkMode: 'always',
        mutationFn: run,
      })
      mutation.setOptions = (options) => setOptions.call(mutation, own(options))
      mutation.options = own(mutation.options)
    },

    releaseEarly: (mutation) => {
      // TanStack asks a pending mutation without observers every so many milliseconds whether it is over.
      mutation.gcTime = mutation.state.status === 'pending' ? 100 : 0
    },

    dropVariables: (event) => {
      const { mutation } = event
      const isPending = mutation.state.status === 'pending'
      mutation.state = { ...mutation.state, variables: undefined }
      // What is paused is written down by persisters.
      if (isPending) cache.notify(event)
      // An action that runs no callbacks a second time.
      for (const observer of observersOf(mutation)) observer.onMutationUpdate({ type: 'continue' })
    },

    watch: (onAdded, onUpdated, onLate) => {
      const stopGuarding = safely(() => guardCallbacks(cache, {}))
      const stopListening = cache.subscribe((event) => {
        const { type, mutation } = event
        if (type === 'added') onAdded(mutation)
        if (type === 'observerAdded') observers.set(mutation, observersOf(mutation).add(event.observer))
        if (type === 'observerRemoved') observersOf(mutation).delete(event.observer)
        if (type !== 'updated') return
        const isPending = mutation.state.status === 'pending'
        if (isForgotten(mutation)) return isPending || onLate()
        running[isPending ? 'add' : 'delete'](mutation)
        onUpdated(event)
      })
      return () => {
        stopGuarding?.()
        stopListening()
      }
    },
  }
}
