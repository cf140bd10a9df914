import type { SessionHandle } from '../http/createSessionHandles.ts'

/** What a login of the app's own has found. */
export interface NewSession<TUser> {
  token: string
  /** Default: the user endpoint is asked. */
  user?: TUser | undefined
  refreshToken?: string | undefined
  /** Seconds for which the token lives. */
  expiresIn?: number | undefined
}

/** What a login of the app's own is given. */
export interface LoginContext {
  /** Aborted with a `SessionEndedError` when a later login or a logout, in this tab or another, outdates this login. */
  readonly signal: AbortSignal
  /**
   * `fetch` (WHATWG) without a token. Addresses are relative to the page. Once the login is outdated, it sends nothing more.
   * What is under way is answered all the same, so that a token which comes late is revoked; a request that brings none may
   * be given the `signal`.
   */
  readonly fetch: SessionHandle['fetch']
}

/**
 * A login of the app's own: the callback of a single sign-on or a magic link, a passkey, a second factor. What it throws,
 * the login rejects with.
 */
export type LoginFunction<TUser> = (context: LoginContext) => NewSession<TUser> | Promise<NewSession<TUser>>
