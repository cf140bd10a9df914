import { attempt, report } from './attempt.ts'
import { getWebStorage, type TokenStorage, type WebStorageKind } from './TokenStorage.ts'

/** Keys that survive a sign-out in both storages: a list, or a predicate. Never the token's. */
export type KeepStorage = readonly string[] | ((key: string) => boolean)

/**
 * Tells whether a value can be sent as a bearer token (RFC 6750, section 2.1, read generously: any visible ASCII
 * characters, as tokens with a `|` exist) and is no accident (`'undefined'`, longer than a server's header limit).
 */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^(?!undefined$|null$)[\x21-\x7e]{1,16384}$/.test(value)

/** What is stored of the user. Nothing here ever throws; the first failure is reported. */
export interface Store {
  /** The token as it is known between tabs, or in memory from a failure to the next successful write. */
  read: () => string | null
  /** Keeps a token, or with `null` none. */
  write: (token: string | null) => void
  /** Empties one of the browser's storages but for the keys to keep (OWASP ASVS 5.0, 14.3.1). */
  clear: (kind: WebStorageKind) => void
}

export const createStore = (storage: TokenStorage, keep: KeepStorage = []): Store => {
  let known: string | null = null
  let hasFailed = false
  let isReported = false

  /** Of an error only its name is told: its message may quote what was written. */
  const reportOnce = (error: unknown): void => {
    if (!isReported) report(`storage ${Object(error).name}`)
    isReported = true
  }
  const use = <T>(act: () => T): T | undefined => attempt(act, reportOnce)

  const isKept = (key: string): boolean => (typeof keep === 'function' ? keep(key) : keep.includes(key))

  return {
    read: () => {
      hasFailed ||= !use(() => {
        const stored = storage.get()
        known = isToken(stored) ? stored : null
        return true
      })
      return known
    },

    write: (token) => {
      known = token
      hasFailed = !use(() => {
        if (token === null) storage.remove()
        else storage.set(token)
        // A full or blocked storage may swallow a write without a word.
        if ((storage.get() || null) !== token) throw new Error()
        return true
      })
    },

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
