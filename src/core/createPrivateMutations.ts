import type { Mutation, MutationCache, MutationObserver } from '@tanstack/react-query'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { SessionEndReason } from './AuthState.ts'

type Observer = MutationObserver<unknown, Error, unknown, unknown>

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
 * @param client - The functions that the client's own mutations run.
 */
export const createPrivateMutations = (
  cache: MutationCache,
  isPublic: (mutation: Mutation) => boolean,
  client: () => {
    readonly login: unknown
    readonly register: unknown
    readonly logout: () => Promise<unknown>
  },
): PrivateMutations => {
  const observers = new WeakMap<Mutation, Set<Observer>>()
  const observersOf = (mutation: Mutation): Set<Observer> => observers.get(mutation) ?? new Set()

  const logouts = new WeakSet<Mutation>()
  const isLogout = (mutation: Mutation): boolean =>
    logouts.has(mutation) || mutation.options.mutationFn === client().logout
  const isLogin = ({ options }: Mutation): boolean =>
    options.mutationFn === client().login || options.mutationFn === client().register

  const detach = (mutation: Mutation): void => {
    for (const observer of observersOf(mutation)) observer.reset()
    cache.remove(mutation)
    mutation.destroy()
  }

  return {
    forget: (reason) => {
      for (const mutation of cache.getAll()) {
        const isOwn = isLogout(mutation) || (isLogin(mutation) && mutation.state.status === 'pending')
        if (isOwn || isPublic(mutation)) continue
        detach(mutation)
        mutation.options = { mutationFn: () => Promise.reject(new SessionEndedError(reason)) }
      }
    },

    forgetLogouts: () => cache.getAll().filter(isLogout).forEach(detach),

    watch: () =>
      cache.subscribe((event) => {
        const { type, mutation } = event
        if (type === 'added' && isLogout(mutation)) {
          // In the caller's own tick, whatever callbacks wait for, and for the session that is on now.
          logouts.add(mutation)
          const result = client().logout()
          const { setOptions } = mutation
          mutation.setOptions = (options) =>
            setOptions.call(mutation, { ...options, mutationFn: () => result })
          mutation.setOptions(mutation.options)
        }
        if (type === 'observerAdded') observers.set(mutation, observersOf(mutation).add(event.observer))
        if (type === 'observerRemoved') observersOf(mutation).delete(event.observer)
        if (type === 'updated' && mutation.state.status !== 'pending' && isLogin(mutation)) {
          // The password has done its work. The action is one that runs no callbacks a second time.
          mutation.state = { ...mutation.state, variables: undefined }
          for (const observer of observersOf(mutation)) observer.onMutationUpdate({ type: 'continue' })
        }
      }),
  }
}
