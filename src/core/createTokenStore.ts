import { report } from './attempt.ts'
import type { TokenStorage } from './TokenStorage.ts'

/**
 * Tells whether a value can be sent as a bearer token (RFC 6750, section 2.1, read generously: any visible ASCII
 * characters, as tokens with a `|` exist) and is no accident (`'undefined'`, longer than a server's header limit).
 */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^(?!undefined$|null$)[\x21-\x7e]{1,16384}$/.test(value)

/** The token as it is known between tabs: what the storage holds, or memory where the storage fails. */
export interface TokenStore {
  read: () => string | null
  /** Keeps a token, or with `null` none. */
  write: (token: string | null) => void
}

/** Wraps a storage so that it never throws, and holds the token in memory from a failure to the next successful write. */
export const createTokenStore = (storage: TokenStorage): TokenStore => {
  let known: string | null = null
  let hasFailed = false

  /** Reports the first failure alone. */
  const use = (act: () => void): void => {
    try {
      act()
      hasFailed = false
    } catch (error) {
      if (!hasFailed) report('the token storage', error)
      hasFailed = true
    }
  }

  return {
    read: () => {
      if (!hasFailed) {
        use(() => {
          const stored = storage.get()
          known = isToken(stored) ? stored : null
        })
      }
      return known
    },

    write: (token) => {
      known = token
      use(() => {
        if (token === null) storage.remove()
        else storage.set(token)
        // A full or blocked storage may swallow a write without a word.
        if ((storage.get() || null) !== token) throw new Error('It keeps nothing')
      })
    },
  }
}
