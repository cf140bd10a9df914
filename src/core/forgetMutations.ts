import type { Mutation, MutationCache, MutationObserver } from '@tanstack/react-query'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { SessionEndReason } from './AuthState.ts'

type Observer = MutationObserver<unknown, Error, unknown, unknown>

export interface MutationKeeper {
  /** Follows the mutation cache. Returns a function that stops it. */
  watch: () => () => void
  /** Forgets every private mutation but the logout that is under way and the login that follows. */
  forget: (reason: SessionEndReason) => void
  /** Lets go of the results of logouts: another user's session begins. */
  forgetLogouts: () => void
}

/**
 * Forgets mutations. A mutation cannot be cancelled: its retry sends again, its callbacks write into whatever cache
 * they captured, and a mounted `useMutation` gives a running one its options back at every render. So its observers
 * are detached first, then it leaves the cache, and then it loses its function and callbacks.
 */
export const createMutationKeeper = (
  cache: MutationCache,
  isPublic: (mutation: Mutation) => boolean,
  client: () => { readonly [name in 'login' | 'register' | 'logout']: unknown },
): MutationKeeper => {
  const isLogout = ({ options: { mutationFn } }: Mutation): boolean => mutationFn === client().logout
  const isLogin = ({ options: { mutationFn } }: Mutation): boolean =>
    mutationFn === client().login || mutationFn === client().register
  const observers = new WeakMap<Mutation, Set<Observer>>()

  const detach = (mutation: Mutation): void => {
    for (const observer of observers.get(mutation) ?? []) observer.reset()
    cache.remove(mutation)
    mutation.gcTime = 0
    mutation.destroy()
  }

  return {
    watch: () =>
      cache.subscribe((event) => {
        if (event.type === 'observerAdded') {
          const known = observers.get(event.mutation) ?? new Set()
          observers.set(event.mutation, known.add(event.observer))
        } else if (event.type === 'observerRemoved') {
          observers.get(event.mutation)?.delete(event.observer)
        } else if (
          event.type === 'updated' &&
          (event.action.type === 'success' || event.action.type === 'error') &&
          isLogin(event.mutation)
        ) {
          // The password has done its work. The action is one that runs no callbacks a second time.
          event.mutation.state = { ...event.mutation.state, variables: undefined }
          for (const observer of observers.get(event.mutation) ?? []) observer.onMutationUpdate({ type: 'continue' })
        }
      }),

    forget: (reason) => {
      for (const mutation of cache.getAll()) {
        const isOwn = isLogout(mutation) || (isLogin(mutation) && mutation.state.status === 'pending')
        if (isOwn || isPublic(mutation)) continue
        detach(mutation)
        mutation.options = { mutationFn: () => Promise.reject(new SessionEndedError(reason)) }
      }
    },

    forgetLogouts: () => {
      for (const mutation of cache.getAll()) {
        if (isLogout(mutation)) detach(mutation)
      }
    },
  }
}
