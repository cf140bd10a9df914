import { safely } from '../errors/safely.ts'

interface Cache<TEvent extends { type: string }> {
  notify: (event: TEvent) => void
}

/**
 * Changes a cache, and sends the events of the change when all of it is done. There are two reasons. A subscribed persister
 * dehydrates the whole cache at every event: that would be n² work, and would store what is about to be forgotten. And a
 * subscriber that throws would stop the change halfway.
 */
export const withholdEvents = <TEvent extends { type: string }>(
  cache: Cache<TEvent>,
  change: () => void,
): void => {
  const own = Object.getOwnPropertyDescriptor(cache, 'notify')
  const events: TEvent[] = []
  cache.notify = (event) => {
    if (!event.type.startsWith('observer')) events.push(event)
  }
  try {
    change()
  } finally {
    if (own) Object.defineProperty(cache, 'notify', own)
    else Reflect.deleteProperty(cache, 'notify')
    for (const event of events) safely(() => cache.notify(event))
  }
}
