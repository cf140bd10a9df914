import type { QueryClient } from '@tanstack/react-query'
import { checkInternals, type InternalsCheck } from './checkInternals.ts'
import { emptyClient } from './emptyClient.ts'

/** Guards every use of what TanStack Query does not document, and fails closed. */
export interface Internals {
  /**
   * Calls a function that needs TanStack's internals. If they do not work as expected, the client is emptied instead, and
   * everything on screen is mounted anew.
   *
   * @param always - Is tried first, however they work.
   */
  use: (act: () => void, always?: () => void) => void
  isSound: () => boolean
  /** Something has come too late: empties the client once more, unless they work as expected. */
  sweep: () => void
  /** Checks soon whether they work. Returns a function that cancels the check. */
  checkSoon: () => () => void
}

/** Milliseconds: by then a page has rendered. If the session changes sooner, the check is made then. */
const delay = 1000

/** What is on screen. */
export interface Screen {
  /** Lets everything be mounted anew with the next `notify`. */
  mountAnew: () => void
  notify: () => void
}

export const createInternals = (client: QueryClient, screen: Screen): Internals => {
  let check: InternalsCheck | undefined
  let isUsed = false
  let isTold = false

  const empty = (): void => {
    if (!isTold) {
      console.error(
        'signoff: this TanStack Query cannot forget single queries. When a session begins or ends, the whole client is emptied instead.',
      )
    }
    isTold = true
    emptyClient(client)
    screen.mountAnew()
  }

  const isSound = (): boolean => {
    if (!check) {
      check = checkInternals(client)
      check.later.catch(sweep)
    }
    return check.isSound
  }

  const sweep = (): void => {
    if (!isUsed || isSound()) return
    empty()
    screen.notify()
  }

  return {
    isSound,
    sweep,

    use: (act, always) => {
      isUsed = true
      try {
        always?.()
        if (isSound()) return act()
      } catch {
        // Whatever it left undone is emptied as well.
      }
      empty()
    },

    checkSoon: () => {
      const timer = setTimeout(isSound, delay)
      return () => clearTimeout(timer)
    },
  }
}
