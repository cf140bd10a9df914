import type { Mutation, MutationCacheNotifyEvent, MutationObserver } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { WeakList } from './WeakList.ts'

type Observer = MutationObserver<unknown, Error, unknown, unknown>

/** Knows who observes a mutation: TanStack tells only when that changes. */
export interface MutationObservers {
  of: (mutation: Mutation) => Set<Observer>
  /** All mutations that are observed, or whose observer has stopped to listen. */
  getMutations: () => Mutation[]
  hear: (event: MutationCacheNotifyEvent) => void
  /** Resets whoever observes one of the mutations, or has ever stopped to listen to it. */
  reset: (mutations: readonly Mutation[]) => void
}

// A client of before a hot reload has heard of observers that its successor resets.
const observers = new WeakMap<Mutation, Set<Observer>>()
const observersOf = (mutation: Mutation): Set<Observer> => observers.get(mutation) ?? new Set()

export const createMutationObservers = (): MutationObservers => {
  /** Also if the app has taken them out of the cache. */
  const observed = new Set<Mutation>()
  /** They no longer listen, in a hidden `<Activity>` for example, but show what they had once they do again. */
  const unsubscribed = new WeakList<Observer>()
  const mutationOf = new WeakMap<Observer, Mutation>()

  const resetOne = (observer: Observer): void => {
    safely(observer.reset)
    mutationOf.delete(observer)
  }

  return {
    of: observersOf,

    getMutations: () => [
      ...observed,
      ...unsubscribed.getAll().flatMap((observer) => mutationOf.get(observer) ?? []),
    ],

    hear: (event) => {
      const { type, mutation } = event
      if (type === 'observerAdded') {
        observers.set(mutation, observersOf(mutation).add(event.observer))
        mutationOf.set(event.observer, mutation)
        observed.add(mutation)
      }
      if (type === 'observerRemoved') {
        observersOf(mutation).delete(event.observer)
        unsubscribed.add(event.observer)
        if (observersOf(mutation).size === 0) observed.delete(mutation)
      }
    },

    reset: (mutations) => {
      for (const mutation of mutations) {
        for (const observer of observersOf(mutation)) resetOne(observer)
        observed.delete(mutation)
      }
      const left = new Set<Mutation | undefined>(mutations)
      // Also of those that listen again: before 5.102 nobody tells that, and their mutation does not know them.
      for (const observer of unsubscribed.take()) {
        const mutation = mutationOf.get(observer)
        if (left.has(mutation)) resetOne(observer)
        else if (mutation) unsubscribed.add(observer)
      }
    },
  }
}
