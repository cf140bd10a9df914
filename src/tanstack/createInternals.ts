import type { QueryClient } from '@tanstack/react-query'
import { checkInternals, type InternalsCheck } from './checkInternals.ts'
import { emptyClient } from './emptyClient.ts'

/** Stands between a sign-out and what TanStack Query does not document: it fails closed. */
export interface Internals {
  /**
   * Does what needs TanStack's internals. Where they are not as expected the client is emptied instead, and all that is
   * on screen is mounted anew.
   */
  use: (act: () => void) => void
  /** Checks soon whether they are. Returns a function that calls it off. */
  checkSoon: () => () => void
}

/** Milliseconds: by then a page has rendered. Whoever signs out sooner has it checked then. */
const delay = 1000

/** What is on screen. */
export interface Screen {
  /** All of it is to be mounted anew, once it is told. */
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
