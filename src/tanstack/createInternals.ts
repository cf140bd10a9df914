import type { QueryClient } from '@tanstack/react-query'
import { checkInternals, type InternalsCheck } from './checkInternals.ts'
import { emptyClient } from './emptyClient.ts'

/** Stands between a sign-out and what TanStack Query does not document: it fails closed. */
export interface Internals {
  /**
   * Does what needs TanStack's internals. Where they are not as expected the client is emptied instead, and all that is
   * on screen is mounted anew.
   *
   * @param always - Is tried first, whatever they are like.
   */
  use: (act: () => void, always?: () => void) => void
  isSound: () => boolean
  /** Where they are not as expected: empties the client once more, for something has come too late. */
  sweep: () => void
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
