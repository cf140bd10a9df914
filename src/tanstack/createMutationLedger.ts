import type { Mutation, MutationCache, MutationCacheNotifyEvent } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { createMutationObservers } from './createMutationObservers.ts'
import { guardCallbacks, isForgotten, markForgotten } from './guardCallbacks.ts'
import { guardExecution, isGuarded, refuse } from './guardExecution.ts'
import { withholdEvents } from './withholdEvents.ts'

const idle: Mutation['state'] = {
  context: undefined,
  data: undefined,
  error: null,
  failureCount: 0,
  failureReason: null,
  isPaused: false,
  status: 'idle',
  submittedAt: 0,
  variables: undefined,
}

/**
 * Knows what a mutation cache does not tell: who observes a mutation, and which mutations run although the app has emptied
 * the cache. A mutation cannot be cancelled: its retry sends again, its callbacks write into the caches that they know, and
 * at each render a mounted `useMutation` gives its options to a running mutation again. So it loses its
 * function and callbacks first, then its observers are detached, and then it leaves the cache.
 */
export interface MutationLedger {
  /** All mutations that are in the cache, running or observed, or whose observer has stopped to listen. */
  getAll: () => Mutation[]
  hasObservers: (mutation: Mutation) => boolean
  /** Takes mutations out of the cache, and resets their observers. */
  detach: (mutations: readonly Mutation[]) => void
  /**
   * Forgets mutations: they send nothing any more, and their callbacks are not called. Whoever awaits one hears of it at
   * once, also where it is paused, or where its function goes on. What waits behind one in its `scope` is sent.
   *
   * @param failure - Makes the error with which they fail.
   */
  forget: (mutations: readonly Mutation[], failure: () => Error) => void
  /** Lets a mutation run another function, whatever options its observers give it, and without waiting for a network. */
  replaceFunction: (mutation: Mutation, run: (variables: unknown) => Promise<unknown>) => void
  /** Keeps a mutation only while it runs or is observed. */
  releaseEarly: (mutation: Mutation) => void
  /** Drops what a mutation was called with, and tells its observers. */
  dropVariables: (event: MutationCacheNotifyEvent & { type: 'updated' }) => void
  /**
   * Follows the cache, and reports the changes of each mutation that is not forgotten, and when one that is has settled.
   * Returns a function that stops that.
   */
  watch: (
    onAdded: (mutation: Mutation) => void,
    onUpdated: (event: MutationCacheNotifyEvent & { type: 'updated' }) => void,
    onLate: () => void,
  ) => () => void
}

/** Lets a mutation show nothing, whatever it does. */
const hide = (mutation: Mutation): unknown =>
  Object.defineProperty(mutation, 'state', { get: () => idle, set: () => {} })

/** Blanks a mutation of which nobody has told who observes it: it is older than the watch. */
const blank = (mutation: Mutation): void => {
  hide(mutation)
  // It tells its observers at once, and then fails.
  mutation.options = { ...mutation.options, networkMode: 'always' }
  mutation.execute(undefined).catch(() => {})
}

export const createMutationLedger = (cache: MutationCache): MutationLedger => {
  const running = new Set<Mutation>()
  const observers = createMutationObservers()
  /** Forgotten mutations whose function still runs: how often each has yet to settle. Held weakly: some never do. */
  const late = new WeakMap<Mutation, number>()
  let lateCount = 0
  let isWatched = false
  let stopListening: (() => void) | undefined

  // The callbacks of the cache are guarded until the last forgotten mutation has settled.
  const stopIfDone = (): void => {
    if (isWatched || lateCount > 0) return
    stopListening?.()
    stopListening = undefined
  }

  const stopWatching = (): void => {
    isWatched = false
    stopIfDone()
  }

  const detach = (mutations: readonly Mutation[]): void => {
    observers.reset(mutations)
    for (const mutation of mutations) {
      if (isForgotten(mutation) && !isGuarded(mutation)) safely(() => blank(mutation))
      cache.remove(mutation)
      mutation.destroy()
    }
  }

  return {
    getAll: () => [...new Set([...cache.getAll(), ...running, ...observers.getMutations()])],
    hasObservers: (mutation) => observers.of(mutation).size > 0,
    detach: (mutations) => withholdEvents(cache, () => detach(mutations)),

    forget: (mutations, failure) =>
      withholdEvents<MutationCacheNotifyEvent>(cache, () => {
        for (const mutation of mutations) {
          const scope = mutation.options?.scope
          const options = { mutationFn: () => Promise.reject(failure()), ...(scope && { scope }) }
          markForgotten(mutation)
          running.delete(mutation)
          if (mutation.state.status === 'pending' && !mutation.state.isPaused) {
            // One that is not guarded is executed once more, to blank it.
            late.set(mutation, isGuarded(mutation) ? 1 : 2)
            lateCount += 1
          }
          // Whichever of the two this TanStack knows.
          safely(() => mutation.setOptions(options))
          safely(() => void (mutation.options = options))
          // Whoever has just made it comes to observe it, executes it, and gives it a function again.
          mutation.setOptions = () => {}
          if (mutation.state.status === 'idle') hide(mutation)
        }
        detach(mutations)
        for (const mutation of mutations) {
          refuse(mutation, failure())
          if (mutation.options.scope) void safely(() => cache.runNext(mutation))
        }
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
      // Every so many milliseconds, TanStack checks whether a pending mutation without observers is over.
      mutation.gcTime = mutation.state.status === 'pending' ? 100 : 0
    },

    dropVariables: (event) => {
      const { mutation } = event
      const isPending = mutation.state.status === 'pending'
      mutation.state = { ...mutation.state, variables: undefined }
      // Persisters store a paused mutation, so they must see the change.
      if (isPending) cache.notify(event)
      // This action does not call the callbacks a second time.
      for (const observer of observers.of(mutation)) observer.onMutationUpdate({ type: 'continue' })
    },

    watch: (onAdded, onUpdated, onLate) => {
      isWatched = true
      if (stopListening) return stopWatching
      const stopGuarding = safely(() => guardCallbacks(cache, {}))
      const unsubscribe = cache.subscribe((event) => {
        const { type, mutation } = event
        if (type === 'updated' && isForgotten(mutation)) {
          if (event.action.type !== 'success' && event.action.type !== 'error') return
          const left = late.get(mutation)
          if (left) late.set(mutation, left - 1)
          if (left === 1) lateCount -= 1
          onLate()
          stopIfDone()
        }
        if (!isWatched) return
        if (type === 'added') {
          safely(() => guardExecution(mutation))
          onAdded(mutation)
        }
        observers.hear(event)
        if (type !== 'updated' || isForgotten(mutation)) return
        running[mutation.state.status === 'pending' ? 'add' : 'delete'](mutation)
        onUpdated(event)
      })
      stopListening = () => {
        stopGuarding?.()
        unsubscribe()
      }
      return stopWatching
    },
  }
}
