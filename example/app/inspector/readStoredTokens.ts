/** What the storage tells of the session's tokens, without a character of them. */
export interface StoredTokens {
  hasRefreshToken: boolean
  /** When the access token expires, in milliseconds since 1970; `null` where the API does not say. */
  expiresAt: number | null
  /** Of the session: it stays the same over a refresh, in every tab. */
  number: string | null
}

/** Reads what signoff keeps under its key. `null` where nothing is, or where the browser blocks the storage. */
export function readStoredTokens(): StoredTokens | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem('token') ?? 'null')
    if (typeof stored !== 'object' || stored === null) return null
    const { refreshToken, expiresIn, issuedAt, number } = stored as Record<string, unknown>
    return {
      hasRefreshToken: typeof refreshToken === 'string',
      expiresAt: typeof expiresIn === 'number' ? Number(issuedAt) + expiresIn * 1000 : null,
      number: typeof number === 'string' ? number : null,
    }
  } catch {
    // A token without JSON around it is one without a refresh.
    return null
  }
}
