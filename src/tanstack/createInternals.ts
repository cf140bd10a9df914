import type { QueryClient } from '@tanstack/react-query'
import { checkInternals, type InternalsCheck } from './checkInternals.ts'
import { emptyClient } from './emptyClient.ts'

/** Guards every use of what TanStack Query does not document, and fails closed. */
export interface Internals {
  /**
   * Calls a function that needs TanStack's internals. If they do not work as expected, the client is emptied instead, and
   * everything on screen is mounted anew.
   */
  use: (act: () => void) => void
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
        'signoff: with this version of TanStack Query single queries cannot be forgotten. Whenever a session ends, all of the query client is emptied instead.',
      )
    }
    isTold = true
    emptyClient(client)
    screen.mountAnew()
  }

  const isSound = (): boolean => {
    if (!check) {
      check = checkInternals(client)
      check.later.catch(() => {
        if (!isUsed) return
        empty()
        screen.notify()
      })
    }
    return check.isSound
  }

  return {
    use: (act) => {
      if (!isSound()) return empty()
      isUsed = true
      try {
        act()
      } catch {
        empty()
      }
    },

    checkSoon: () => {
      const timer = setTimeout(isSound, delay)
      return () => clearTimeout(timer)
    },
  }
}
