import { onlineManager } from '@tanstack/react-query'
import type { RequestError } from '../errors/RequestError.ts'
import type { Send } from './createSender.ts'

/** What the server said of the end of a token. */
export interface Revocation {
  status: number
  statusText: string
  error: RequestError | null
  /** Whether the token is dead for sure (RFC 7009: nothing is reported that was not confirmed). */
  revoked: boolean
  body?: unknown
}

/** Revokes a token. Never rejects, and settles within the sender's timeout. */
export type Revoke = (token: string) => Promise<Revocation>

/** Milliseconds after which an undelivered revocation is sent again where the browser announced no return. */
const patience = 30_000

const retry = {
  limit: 2,
  methods: ['post', 'put', 'delete'],
  statusCodes: [408, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)],
  jitter: true,
}

/**
 * Makes the function that revokes tokens at the logout endpoint: they die there, with retries, or as soon as it is back.
 *
 * @param isCurrent - Tells whether a token is that of the session that is on.
 * @param isPossible - Whether there is a logout endpoint. Where there is none, nothing is sent, nor claimed.
 */
export const createRevocation = (
  send: Send,
  isCurrent: (token: string) => boolean,
  isPossible: boolean,
): Revoke => {
  const revokeLater = (token: string): void => {
    const again = (): void => {
      stop()
      clearTimeout(timer)
      if (!isCurrent(token)) void revoke(token)
    }
    const stop = onlineManager.subscribe((isOnline) => isOnline && again())
    const timer = setTimeout(again, patience)
  }

  const revoke: Revoke = async (token) => {
    if (!isPossible) return { status: 0, statusText: '', error: null, revoked: false }
    try {
      const answer = await send('logout', {
        token,
        // Survives the page (Fetch standard, keepalive).
        keepalive: true,
        // Some APIs hand the same token out again.
        mayBeSent: () => !isCurrent(token),
        retry: onlineManager.isOnline() ? retry : 0,
      })
      return { ...answer, error: null, revoked: true }
    } catch (reason) {
      const error = reason as RequestError
      const { code, status, statusText } = error
      if (code === 'network') revokeLater(token)
      // The token was dead already.
      const revoked = status === 401
      return { status, statusText, error: revoked ? null : error, revoked }
    }
  }

  return revoke
}
