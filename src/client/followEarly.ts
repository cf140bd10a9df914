import type { CacheWatch } from '../cache/createCacheWatch.ts'

/** Of each client, by what it keeps however an app wraps it. */
const follows = new WeakMap<object, CacheWatch['follow']>()

export const allowEarly = ({ userOptions }: { userOptions: object }, follow: CacheWatch['follow']): void =>
  void follows.set(userOptions, follow)

/**
 * Watches the caches for a client that will be mounted in a moment: a component may log in or out in a layout effect, which
 * comes before. Returns a function that stops that.
 */
export const followEarly = ({ userOptions }: { userOptions: object }): (() => void) =>
  follows.get(userOptions)?.() ?? (() => {})
