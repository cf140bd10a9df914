import { deferred } from '../support/openApiServer.ts'
import type { Hold } from './openDomains.ts'

/** Answers that wait. */
export const createHolds = () => {
  const held = new Map<string, { wait: () => void; released: Promise<void> }>()
  const pass: Hold = (address) => {
    const { wait, released } = held.get(address) ?? {}
    wait?.()
    return released
  }
  return {
    pass,
    /**
     * Lets the answers to one request (`POST https://host/path`) wait until they are released.
     *
     * @returns When the first of them waits, and what releases them.
     */
    hold: (address: string) => {
      const waiting = deferred()
      const { promise: released, resolve: release } = deferred()
      held.set(address, { wait: waiting.resolve, released })
      return { waiting: waiting.promise, release }
    },
  }
}
