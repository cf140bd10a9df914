import type { Tokens } from '../browser/Tokens.ts'
import { whenLeaving } from '../browser/whenLeaving.ts'
import { safely } from '../errors/safely.ts'
import type { SessionEndReason } from '../errors/SessionEndedError.ts'
import { type Authorize, isWithin } from '../http/authorize.ts'
import type { Fetch } from '../http/createHttp.ts'
import type { SessionHandle } from '../http/createSessionHandles.ts'

/** What the app still owes the server when a session has ended. */
export type BeforeRevoke<TUser> = (context: {
  /** `fetch` (WHATWG) with the token of the session that has ended. Does not add it outside `baseUrl`. */
  fetch: SessionHandle['fetch']
  /** `null` if the token had not been checked yet. */
  user: TUser | null
  reason: SessionEndReason
}) => unknown

/** Waits for what the app still owes the server. Never rejects. */
export type Farewell<TUser> = (tokens: Tokens, user: TUser | null, reason: SessionEndReason) => Promise<void>

/**
 * Lets the app speak once more with the token of a session that has ended, before it is revoked.
 *
 * @param timeout - Milliseconds. Then, or when the page is left, the token is revoked all the same.
 */
export const createFarewell = <TUser>(
  beforeRevoke: BeforeRevoke<TUser> | undefined,
  baseUrl: string,
  authorize: Authorize,
  fetch: Fetch,
  timeout: number,
): Farewell<TUser> | undefined =>
  beforeRevoke &&
  ((tokens, user, reason) => {
    const send: SessionHandle['fetch'] = async (input, init) => {
      const request = new Request(input, { cache: 'no-store', ...init })
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
        await safely(() => beforeRevoke({ fetch: send, user, reason }))
      })().then(stop, stop)
    })
  })
