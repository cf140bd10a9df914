import { report, safely } from '../errors/safely.ts'
import { matchSecret } from './matchSecret.ts'
import { getWebStorage, type TokenStorage, type WebStorageKind } from './TokenStorage.ts'

/** Keys that survive a sign-out in both storages: a list, or a predicate. Never the token's. */
export type KeepStorage = readonly string[] | ((key: string) => boolean)

/**
 * Tells whether a value can be sent as a bearer token (RFC 6750, section 2.1, read generously: any visible ASCII
 * characters, as tokens with a `|` exist) and is no accident (`'undefined'`, longer than a server's header limit).
 */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && matchSecret(/^(?!undefined$|null$)[\x21-\x7e]{1,16384}$/, value)

/** What is stored of the user. Nothing here ever throws; the first failure is reported. */
export interface TokenStore {
  /** At its first touch of a storage a page waits for another process: better now than at the logout. */
  warm: () => void
  /** The token as it is known between tabs; in memory from a failed write until it succeeds, or another tab's does. */
  read: () => string | null
  /** Keeps a token, or with `null` none. */
  write: (token: string | null) => void
  /** Empties one of the browser's storages but for the keys to keep (OWASP ASVS 5.0, 14.3.1). */
  clear: (kind: WebStorageKind) => void
}

export const createTokenStore = (storage: TokenStorage, keep: KeepStorage = []): TokenStore => {
  let known: string | null = null
  /** What the storage holds although something else was written: no news until it holds another token. */
  let stale: string | null | undefined
  let isReported = false

  /** Of an error only its name is told: its message may quote what was written. */
  const reportOnce = (error: unknown): void => {
    if (!isReported) report(`storage ${Object(error).name}`)
    isReported = true
  }
  const use = <T>(act: () => T): T | undefined => safely(act, reportOnce)

  const isKept = (key: string): boolean => (typeof keep === 'function' ? keep(key) : keep.includes(key))

  const get = (): string | null => {
    const stored = storage.get()
    return isToken(stored) ? stored : null
  }

  const write = (token: string | null): void => {
    if (stale === undefined) stale = known
    known = token
    use(() => {
      if (token === null) storage.remove()
      else storage.set(token)
      stale = undefined
    })
    use(() => {
      const held = get()
      // A full or blocked storage may swallow a write without a word.
      if (stale === undefined && held !== token) {
        stale = held
        throw new Error()
      }
    })
  }

  return {
    warm: () => void use(() => getWebStorage('session')?.length),

    read: () => {
      use(() => {
        const stored = get()
        if (stale !== undefined && (stored === null || stored === stale)) write(known)
        else {
          known = stored
          stale = undefined
        }
      })
      return known
    },

    write,

    clear: (kind) => {
      use(() => {
        const web = getWebStorage(kind)
        if (!web) return
        for (const key of Array.from(web, (_, index) => web.key(index) ?? '')) {
          if (!use(() => isKept(key))) use(() => web.removeItem(key))
        }
      })
    },
  }
}
