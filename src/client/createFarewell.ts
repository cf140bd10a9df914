import type { Tokens } from '../browser/Tokens.ts'
import { whenLeaving } from '../browser/whenLeaving.ts'
import { report, safely } from '../errors/safely.ts'
import type { SessionEndReason } from '../errors/SessionEndedError.ts'
import { type Authorize, isWithin } from '../http/authorize.ts'
import type { Fetch } from '../http/createHttp.ts'
import type { Revoker } from '../http/createRevocation.ts'
import type { SessionHandle } from '../http/createSessionHandles.ts'

/** What the app still owes the server when a session has ended. */
export type BeforeRevoke<TUser> = (context: {
  /** `fetch` (WHATWG) with the token of the session that has ended. Does not add it outside `baseUrl`. */
  fetch: SessionHandle['fetch']
  /** `null` if the token had not been checked yet. */
  user: TUser | null
  reason: SessionEndReason
}) => unknown

/**
 * What happens between the end of a session and the revocation of its tokens. Call it in the tick in which the session ends.
 * Resolves with the tokens to revoke; never rejects.
 */
export type Farewell<TUser> = (
  tokens: Tokens,
  user: TUser | null,
  reason: SessionEndReason,
) => Promise<Tokens>

/** The app's own error may hold the request, and with it the token. */
const reportName = (error: unknown): void => report(`beforeRevoke ${Object(error).name}`)

/**
 * Waits for a refresh under way, whose tokens are then the ones to revoke, and lets the app speak once more with them.
 *
 * @param timeout - Milliseconds for the app. Then, or when the page is left, the token is revoked all the same.
 */
export const createFarewell = <TUser>(
  beforeRevoke: BeforeRevoke<TUser> | undefined,
  claim: Revoker['claim'],
  baseUrl: string,
  authorize: Authorize,
  fetch: Fetch,
  timeout: number,
): Farewell<TUser> => {
  if (!beforeRevoke) return claim

  const speak = (tokens: Tokens, user: TUser | null, reason: SessionEndReason): Promise<void> => {
    const send: SessionHandle['fetch'] = async (input, init) => {
      const request = new Request(input, { ...init, cache: 'no-store' })
      // What the server says of this token ends nothing any more.
      return isWithin(request.url, baseUrl) ? authorize(request, tokens.token, fetch, false) : fetch(request)
    }
    return new Promise((resolve) => {
      const stop = (): void => {
        stopListening()
        clearTimeout(timer)
        resolve()
      }
      const stopListening = whenLeaving(stop)
      const timer = setTimeout(stop, timeout)
      void (async () => {
        await safely(() => beforeRevoke({ fetch: send, user, reason }), reportName)
      })().then(stop, stop)
    })
  }

  return async (ended, user, reason) => {
    const tokens = await claim(ended)
    await speak(tokens, user, reason)
    return tokens
  }
}
