/**
 * Where the token is kept between visits. Only the token is ever stored, never the user or a password.
 *
 * All three may throw: the session then goes on in memory. Does not need to tell of changes: signoff re-reads it.
 */
export interface TokenStorage {
  /** The stored token, `null` where there is none. */
  get: () => string | null
  /** Keeps the token in the place of any other. */
  set: (token: string) => void
  /** Leaves no token behind. */
  remove: () => void
  /** `'tab'` where each tab has a token of its own. Default: the tabs of the origin share one. */
  readonly scope?: 'tab'
}

/** `'local'` is shared by all tabs of the origin and kept; `'session'` belongs to one tab and goes with it. */
export type WebStorageKind = 'local' | 'session'

/**
 * The browser's `localStorage` or `sessionStorage`; `undefined` where there is no window (server, React Native).
 *
 * Throws what the browser throws where storage is blocked: then even reading the property does.
 */
export const getWebStorage = (kind: WebStorageKind): Storage | undefined => {
  return typeof window === 'undefined' ? undefined : window[`${kind}Storage`]
}

/**
 * Keeps the token in the browser's `localStorage` or `sessionStorage`.
 *
 * @param kind - `'local'` or `'session'`.
 * @param key - The key under which the token is stored as it is. Default `'token'`.
 */
export const webStorage = (kind: WebStorageKind, key: string = 'token'): TokenStorage => ({
  get: () => getWebStorage(kind)?.getItem(key) ?? null,
  set: (token) => getWebStorage(kind)?.setItem(key, token),
  remove: () => getWebStorage(kind)?.removeItem(key),
  ...(kind === 'session' && { scope: 'tab' }),
})

/** Keeps the token in memory: it is gone when the page is, and no other tab knows of it. */
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
