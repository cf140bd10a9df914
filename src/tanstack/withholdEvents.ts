import { QueryCache } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'

interface Cache<TEvent extends { type: string }> {
  notify: (event: TEvent) => void
}

/** How many of a cache's listeners are the package's own. They need not hear of what the package does. */
const ownListeners = new WeakMap<object, number>()

/** Subscribes the package itself to a cache. Returns a function that stops that. */
export const follow = <TListener>(
  cache: { subscribe: (listener: TListener) => () => void },
  listener: TListener,
): (() => void) => {
  const count = (change: number): unknown => ownListeners.set(cache, (ownListeners.get(cache) ?? 0) + change)
  const stop = cache.subscribe(listener)
  count(1)
  return () => {
    stop()
    count(-1)
  }
}

/** Whether somebody else listens to a cache; `true` where TanStack does not tell. */
export const isFollowed = (cache: Cache<never>): boolean => {
  const { listeners } = cache as { listeners?: ReadonlySet<unknown> }
  // Whoever has put a method over the one that tells listens too.
  return listeners?.size !== (ownListeners.get(cache) ?? 0) || cache.notify !== QueryCache.prototype.notify
}

/**
 * Changes a cache, and sends the events of the change when all of it is done. There are two reasons. A subscribed persister
 * dehydrates the whole cache at every event: that would be n² work, and would store what is about to be forgotten. And a
 * subscriber that throws would stop the change halfway.
 *
 * @param isDropped - Events that nobody needs to hear of. Default: none.
 */
export const withholdEvents = <TEvent extends { type: string }>(
  cache: Cache<TEvent>,
  change: () => void,
  isDropped: (event: TEvent) => boolean = () => false,
): void => {
  const own = Object.getOwnPropertyDescriptor(cache, 'notify')
  const events: TEvent[] = []
  const withhold = (event: TEvent): void => {
    if (!event.type.startsWith('observer') && !isDropped(event)) events.push(event)
  }
  // A cache that lets nobody take its place tells at once.
  safely(() => (cache.notify = withhold))
  try {
    change()
  } finally {
    if (own) Object.defineProperty(cache, 'notify', own)
    else Reflect.deleteProperty(cache, 'notify')
    for (const event of events) safely(() => cache.notify(event))
  }
}
