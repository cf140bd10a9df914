import { fingerprint } from '../browser/fingerprint.ts'
import type { Tokens } from '../browser/Tokens.ts'
import { wait } from './wait.ts'
import { isLockHeld } from './withLock.ts'

/**
 * A browser tells all tabs of a lock at once, and of what another tab has stored a moment later. So whoever has exchanged
 * tokens, or has heard that they are refused, holds a lock of their name for a while, and whoever finds it held waits: else
 * the refresh token would be used twice.
 */
export interface Marks {
  /** Resolves when the lock is held. */
  leave: (spent: Tokens) => Promise<void>
  /** Whether another tab has used them. */
  isLeft: (tokens: Tokens) => Promise<boolean>
  /** Waits until the storage shows what has come of tokens that another tab has used. */
  follow: (tokens: Tokens) => Promise<void>
}

/** Milliseconds: by then every tab sees what was stored. */
const patience = 1000

/**
 * @param nameLock - Of a session's tokens.
 * @param timeout - Milliseconds.
 */
export const createMarks = (nameLock: (tokens: Tokens) => string | undefined, timeout: number): Marks => {
  const nameOf = (tokens: Tokens): string => `${nameLock(tokens)}:${fingerprint(tokens.refreshToken ?? '')}`

  const isLeft = (tokens: Tokens): Promise<boolean> => isLockHeld(nameOf(tokens), timeout)

  return {
    leave: (spent) =>
      new Promise((resolve) => {
        const hold = (): Promise<void> => {
          resolve()
          return wait(patience * 2)
        }
        const locks = globalThis.navigator?.locks
        if (locks && nameLock(spent)) locks.request(nameOf(spent), hold).catch(resolve)
        else resolve()
      }),
    isLeft,
    follow: async (tokens) => {
      if (await isLeft(tokens)) await wait(patience)
    },
  }
}
