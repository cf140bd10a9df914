import { isDevelopment, report, safely } from '../errors/safely.ts'
import { fingerprint } from './fingerprint.ts'
import { matchSecret } from './matchSecret.ts'
import { resolveBaseUrl } from './resolveBaseUrl.ts'
import type { StoredSession, Tokens } from './Tokens.ts'
import { getWebStorage, type ReplacedToken, type TokenStorage, type WebStorageKind } from './TokenStorage.ts'

/** Keys that survive a sign-out in both storages: a list, or a predicate. Never the token's. */
export type KeepStorage = readonly string[] | ((key: string) => boolean)

/**
 * Tells whether a value can be sent as a bearer token: any visible ASCII characters (more than RFC 6750, section 2.1,
 * allows, because tokens with a `|` exist). The texts `'undefined'` and `'null'` are accidents, and so are a value that
 * is longer than a server's limit for headers, and what `signoff/refresh` has stored: it may hold a refresh token as well.
 */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && matchSecret(/^(?!undefined$|null$|\{"token":)[\x21-\x7e]{1,16384}$/, value)

/** How tokens stand in the storage. */
export interface TokenCodec {
  readonly encode: (tokens: Tokens) => string
  /** `null`: these are none. */
  readonly decode: (stored: string) => Tokens | null
}

/** The token as it is. */
const bareToken: TokenCodec = {
  encode: ({ token }) => token,
  decode: (token) => (isToken(token) ? { token } : null),
}

/** What is stored of the user. No function here throws. Only the first failure is reported. */
export interface TokenStore {
  /** A page waits for another process when it first uses a storage. It waits now, so that no logout has to. */
  warm: () => void
  /** Whether nobody can know who is signed in: this is a server, and the app has no storage of its own for it. */
  isServer: () => boolean
  /** Whether it is not known yet what is stored: the storage cannot be read at once. */
  isUnread: () => boolean
  /**
   * Reads a storage that cannot be read at once; `undefined`: it can. Resolves, also if that fails, with the session that was
   * stored if another has been written before it could be read.
   */
  load: () => Promise<StoredSession | null> | undefined
  /** The session that the tabs share; after a failed write, the one in memory, until a write succeeds in any tab. */
  read: () => StoredSession | null
  /** Stores a session; `null` removes it. */
  write: (next: StoredSession | null) => void
  /** Empties one of the browser's storages, except for the keys to keep (OWASP ASVS 5.0, 14.3.1). */
  clear: (kind: WebStorageKind) => void
}

/** A session that begins is numbered after its first token. */
export const numberSession = (tokens: Tokens): StoredSession => ({
  ...tokens,
  number: fingerprint(tokens.token),
})

/** Whether a session goes on with another token than its first. */
export const isRenewed = ({ token, number }: StoredSession): boolean => number !== fingerprint(token)

/** @param baseUrl - Of the API. A token that is another one's is left alone. */
export const createTokenStore = (
  storage: TokenStorage,
  baseUrl: string,
  keep: KeepStorage = [],
  codec: TokenCodec = bareToken,
): TokenStore => {
  let known: StoredSession | null = null
  /** The token in the storage although a write wanted something else. It is no news until the storage holds another one. */
  let stale: string | null | undefined
  let isReported = false
  let isUnread = storage.load !== undefined

  /** Reports only the name of an error: its message may quote what was written. */
  const reportOnce = (error: unknown): void => {
    if (!isReported) report(`storage ${Object(error).name}`)
    isReported = true
  }
  const use = <T>(act: () => T): T | undefined => safely(act, reportOnce)

  const address = (): string => resolveBaseUrl(baseUrl)

  /**
   * Says whose a token is: the token's fingerprint, the address of its API, and the number of its session where that is
   * another one.
   */
  const describeOwner = (next: StoredSession): string =>
    `${fingerprint(next.token)} ${address()}${isRenewed(next) ? ` ${next.number}` : ''}`

  /** What the storage says of a token; of one of which it says nothing, what is known here. */
  const readOwner = (
    token: string,
    from: ReplacedToken,
  ): { owner?: string | undefined; number?: string | undefined } => {
    const [of, owner, number] = from.owner?.get()?.split(' ') ?? []
    if (of === fingerprint(token)) return { owner, number }
    return known?.token === token ? { number: known.number } : {}
  }

  const getTokens = (from: ReplacedToken = storage): Tokens | null => {
    const stored = from.get()
    return typeof stored === 'string' ? codec.decode(stored) : null
  }

  const get = (from: ReplacedToken = storage): StoredSession | null => {
    const tokens = getTokens(from)
    if (!tokens) return null
    const { owner = address(), ...said } = readOwner(tokens.token, from)
    if (owner !== address()) return null
    const { number = said.number } = tokens
    return number ? { ...tokens, number } : numberSession(tokens)
  }

  /** What cannot be read here may be another API's as well: tokens that it refreshes. */
  const isHeldByOther = (): boolean =>
    use(() => {
      const owner = storage.owner?.get()?.split(' ')[1] ?? address()
      return owner !== address() && get() === null
    }) === true

  const isKept = (key: string): boolean =>
    (typeof keep === 'function' ? keep(key) : keep.includes(key)) ||
    // The settings of TanStack's developer tools are the developer's.
    (isDevelopment() && /^tanstack_?(?:query)?_?devtools/i.test(key))

  const load = async (): Promise<StoredSession | null> => {
    try {
      const replaced = await storage.load?.()
      isUnread = false
      return replaced ? get(replaced) : null
    } catch (error) {
      reportOnce(error)
      return null
    }
  }

  const write = (next: StoredSession | null): void => {
    isUnread = false
    if (stale === undefined) stale = known?.token ?? null
    known = next
    // Of a renewal this comes first: a tab that reads in between finds the token that it knows.
    if (next && isRenewed(next)) use(() => storage.owner?.set(describeOwner(next)))
    use(() => {
      if (next) storage.set(codec.encode(next))
      else if (!isHeldByOther()) storage.remove()
      stale = undefined
    })
    use(() => {
      if (next) storage.owner?.set(describeOwner(next))
      else if (!isHeldByOther()) storage.owner?.remove()
    })
    use(() => {
      const held = get()?.token ?? null
      // A full or blocked storage may ignore a write without an error.
      if (stale === undefined && held !== (next?.token ?? null)) {
        stale = held
        throw new Error()
      }
    })
  }

  return {
    isServer: () => typeof document === 'undefined' && storage.key !== undefined,
    isUnread: () => isUnread,
    load: () => (storage.load ? load() : undefined),

    warm: () => void use(() => getWebStorage('session')?.length),

    read: () => {
      use(() => {
        const stored = get()
        if (stale !== undefined && (stored === null || stored.token === stale)) write(known)
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
        const tokens: unknown[] = known || isHeldByOther() ? [storage.key, storage.owner?.key] : []
        for (const key of Array.from(web, (_, index) => web.key(index) ?? '')) {
          if (!tokens.includes(key) && !use(() => isKept(key))) use(() => web.removeItem(key))
        }
      })
    },
  }
}
