/** What the API has handed out for one session. */
export interface Tokens {
  /** Goes with every request. */
  readonly token: string
  /** Goes to the endpoints for refresh and logout alone (RFC 6749, section 1.5). */
  readonly refreshToken?: string | undefined
}

/** The tokens of a session, and the session's number: by it tabs tell a session that goes on with another token. */
export interface StoredSession extends Tokens {
  readonly number: string
}
