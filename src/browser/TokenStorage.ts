/**
 * Where the token is kept between visits. Only the token is ever stored, never the user or a password.
 *
 * All three functions may throw: the session then goes on in memory. The storage need not report changes: signoff reads
 * it again.
 */
export interface TokenStorage {
  /** The stored token, `null` if there is none. */
  get: () => string | null
  /** Stores the token, and replaces any other. */
  set: (token: string) => void
  /** Leaves no token behind. */
  remove: () => void
  /**
   * Of a storage that cannot be read at once: reads it, for `get` to answer from memory. signoff calls it when it first needs
   * the token, and again on focus and when another tab has sent a message. Until it has settled once, the state is
   * `'restoring'` without a token. If it rejects, nothing has changed, and it is called again on focus.
   *
   * May resolve with what was stored, if `set` or `remove` has replaced that before it could be read: its token is then
   * revoked.
   */
  load?: () => Promise<void | ReplacedToken>
  /** `'tab'` if each tab has a token of its own. Default: the tabs of the origin share one. */
  readonly scope?: 'tab'
  /** Of a {@link webStorage} or an `asyncStorage`: the key of the token. Apps of one origin that have a key each do not hear of each other. */
  readonly key?: string
  /**
   * Where it is said whose the token is: the address of its API. Without it, any token is taken. {@link webStorage} has it
   * under a key of its own.
   */
  readonly owner?: Pick<TokenStorage, 'get' | 'set' | 'remove' | 'key'>
}

/** What a storage held, and whose it is. */
export interface ReplacedToken {
  /** The token that was stored, `null` if there was none. */
  get: () => string | null
  /** Where it was said whose that token was. */
  readonly owner?: Pick<TokenStorage, 'get'>
}

/** `'local'`: all tabs of the origin share it, and it is kept. `'session'`: it belongs to one tab, and goes with the tab. */
export type WebStorageKind = 'local' | 'session'

/**
 * The browser's `localStorage` or `sessionStorage`; `undefined` if there is no window, or none with storages.
 *
 * Throws if the browser blocks storage: then even reading the property throws.
 */
export const getWebStorage = (kind: WebStorageKind): Storage | undefined => {
  return typeof window === 'undefined' ? undefined : window[`${kind}Storage`]
}

const entry = (kind: WebStorageKind, key: string): TokenStorage => ({
  key,
  get: () => getWebStorage(kind)?.getItem(key) ?? null,
  set: (value) => getWebStorage(kind)?.setItem(key, value),
  remove: () => getWebStorage(kind)?.removeItem(key),
})

/**
 * Keeps the token in the browser's `localStorage` or `sessionStorage`.
 *
 * @param kind - `'local'` or `'session'`.
 * @param key - The key of the token, which is stored as it is. Default `'token'`. Under `${key}.of` it is said whose the
 * token is: the address of its API, and 32 bits by which the token is told from others.
 */
export const webStorage = (kind: WebStorageKind, key: string = 'token'): TokenStorage => ({
  ...entry(kind, key),
  owner: entry(kind, `${key}.of`),
  ...(kind === 'session' && { scope: 'tab' }),
})

/** Keeps the token in memory: it goes with the page, and no other tab knows it. */
export const memoryStorage = (): TokenStorage => {
  let stored: string | null = null
  return {
    get: () => stored,
    set: (token) => {
      stored = token
    },
    remove: () => {
      stored = null
    },
    scope: 'tab',
  }
}
