import type { Mutation, MutationCache } from '@tanstack/react-query'
import { createPatch } from './createPatch.ts'

type Config = MutationCache['config']

const forgotten = new WeakSet<object>()

export const markForgotten = (mutation: Mutation): void => void forgotten.add(mutation)

export const isForgotten = (mutation: Mutation): boolean => forgotten.has(mutation)

const guard = (config: Config): Config =>
  // Over another object: a frozen one must be told as it is.
  new Proxy<Config>(
    {},
    {
      get: (_target, name) => {
        const callback: unknown = Reflect.get(config, name)
        if (typeof callback !== 'function') return callback
        return (...given: unknown[]): unknown =>
          given.some((value) => forgotten.has(Object(value)))
            ? undefined
            : Reflect.apply(callback, config, given)
      },
      set: (_target, name, value) => Reflect.set(config, name, value),
    },
  )

/**
 * Prevents the callbacks of the cache itself (`new MutationCache({ onSuccess })`) from being called for mutations that are
 * marked as forgotten.
 */
export const guardCallbacks: (cache: MutationCache, asker: object) => () => void = createPatch((cache) => {
  let own = cache.config
  let guarded = guard(own)
  Object.defineProperty(cache, 'config', {
    configurable: true,
    enumerable: true,
    get: () => guarded,
    set: (next: Config) => {
      own = next
      guarded = guard(next)
    },
  })
  return () =>
    Object.defineProperty(cache, 'config', {
      configurable: true,
      enumerable: true,
      writable: true,
      value: own,
    })
})
