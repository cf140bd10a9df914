import { isDevelopment, report, safely } from '../errors/safely.ts'
import { fingerprint } from './fingerprint.ts'
import { matchSecret } from './matchSecret.ts'
import { resolveBaseUrl } from './resolveBaseUrl.ts'
import { getWebStorage, type TokenStorage, type WebStorageKind } from './TokenStorage.ts'

/** Keys that survive a sign-out in both storages: a list, or a predicate. Never the token's. */
export type KeepStorage = readonly string[] | ((key: string) => boolean)

/**
 * Tells whether a value can be sent as a bearer token: any visible ASCII characters (more than RFC 6750, section 2.1,
 * allows, because tokens with a `|` exist). The texts `'undefined'` and `'null'` are accidents, and so is a value that is
 * longer than a server's limit for headers.
 */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && matchSecret(/^(?!undefined$|null$)[\x21-\x7e]{1,16384}$/, value)

/** What is stored of the user. No function here throws. Only the first failure is reported. */
export interface TokenStore {
  /** A page waits for another process when it first uses a storage. It waits now, so that no logout has to. */
  warm: () => void
  /** Whether nobody can know who is signed in: this is a server, and the app has no storage of its own for it. */
  isServer: () => boolean
  /** The token that the tabs share; after a failed write, the one in memory, until a write succeeds in any tab. */
  read: () => string | null
  /** Stores a token; `null` removes it. */
  write: (token: string | null) => void
  /** Empties one of the browser's storages, except for the keys to keep (OWASP ASVS 5.0, 14.3.1). */
  clear: (kind: WebStorageKind) => void
}

/** @param baseUrl - Of the API. A token that is another one's is left alone. */
export const createTokenStore = (
  storage: TokenStorage,
  baseUrl: string,
  keep: KeepStorage = [],
): TokenStore => {
  let known: string | null = null
  /** What the storage holds although a write wanted something else. It is no news until the storage holds another token. */
  let stale: string | null | undefined
  let isReported = false

  /** Reports only the name of an error: its message may quote what was written. */
  const reportOnce = (error: unknown): void => {
    if (!isReported) report(`storage ${Object(error).name}`)
    isReported = true
  }
  const use = <T>(act: () => T): T | undefined => safely(act, reportOnce)

  const ownerOf = (token: string): string => `${fingerprint(token)} ${resolveBaseUrl(baseUrl)}`

  /** Whether the storage says that a token is another API's. What other code has stored, it says nothing of. */
  const isForeign = (token: string | null): boolean => {
    const owner = (token !== null && storage.owner?.get()) || ''
    return owner.startsWith(`${fingerprint(token ?? '')} `) && owner !== ownerOf(token ?? '')
  }

  const isHeldByOther = (): boolean => use(() => isForeign(storage.get())) === true

  const isKept = (key: string): boolean =>
    (typeof keep === 'function' ? keep(key) : keep.includes(key)) ||
    // The settings of TanStack's developer tools are the developer's.
    (isDevelopment() && /^tanstack_?(?:query)?_?devtools/i.test(key))

  const get = (): string | null => {
    const stored = storage.get()
    return isToken(stored) && !isForeign(stored) ? stored : null
  }

  const write = (token: string | null): void => {
    if (stale === undefined) stale = known
    known = token
    use(() => {
      if (token !== null) storage.set(token)
      else if (!isHeldByOther()) storage.remove()
      stale = undefined
    })
    use(() => {
      if (token !== null) storage.owner?.set(ownerOf(token))
      else if (!isHeldByOther()) storage.owner?.remove()
    })
    use(() => {
      const held = get()
      // A full or blocked storage may ignore a write without an error.
      if (stale === undefined && held !== token) {
        stale = held
        throw new Error()
      }
    })
  }

  return {
    isServer: () => typeof document === 'undefined' && storage.key !== undefined,

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
        const foreign: unknown[] = isHeldByOther() ? [storage.key, storage.owner?.key] : []
        for (const key of Array.from(web, (_, index) => web.key(index) ?? '')) {
          if (!foreign.includes(key) && !use(() => isKept(key))) use(() => web.removeItem(key))
        }
      })
    },
  }
}
