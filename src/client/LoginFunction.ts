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
  /** `fetch` (WHATWG) without a token. Its requests end with the signal. Addresses are relative to the page. */
  readonly fetch: SessionHandle['fetch']
}

/**
 * A login of the app's own: the callback of a single sign-on or a magic link, a passkey, a second factor. What it throws,
 * the login rejects with.
 */
export type LoginFunction<TUser> = (context: LoginContext) => NewSession<TUser> | Promise<NewSession<TUser>>
