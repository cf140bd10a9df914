import { safely } from '../errors/safely.ts'

interface Cache<TEvent extends { type: string }> {
  notify: (event: TEvent) => void
}

/**
 * Makes a change to a cache whose events wait until all of it is made. A subscribed persister dehydrates the whole cache
 * at every event, which would make this n² work, and write down what is about to be forgotten; and a subscriber that
 * throws would stop the change halfway.
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
