/** What the API has handed out for one session. */
export interface Tokens {
  /** Goes with every request. */
  readonly token: string
  /** Goes to the endpoints for refresh and logout alone (RFC 6749, section 1.5). */
  readonly refreshToken?: string | undefined
  /** Seconds for which the token lives, from `issuedAt` on. */
  readonly expiresIn?: number | undefined
  /** When it came, in milliseconds since 1970. */
  readonly issuedAt?: number | undefined
  /** Of the session. By it, tabs tell a session that goes on with another token from a new one. */
  readonly number?: string
}

/** The tokens of a session that has begun. */
export interface StoredSession extends Tokens {
  readonly number: string
}
