import { TokenRejectedError } from '../errors/TokenRejectedError.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { SessionScope } from '../session/SessionScope.ts'
import { type Authorize, isWithin } from './authorize.ts'
import type { Fetch } from './createHttp.ts'
import { type Bound, createLifetime } from './createLifetime.ts'
import { holdBody } from './holdBody.ts'

/** Whose a request is, and who else may end it. */
export type Bounds = readonly [SessionScope, ...Bound[]]

/** Sends one attempt of a private request for a session. */
export type SessionFetch = (bounds: Bounds, request: Request, fetch: Fetch) => Promise<Response>

/**
 * Makes the function that sends private requests. A request carries the token of the session that it belongs to, is
 * aborted when that session ends, and is never sent under the next one. A guest's carries none.
 */
export const createSessionFetch = (
  baseUrl: string,
  authorize: Authorize,
  session: Pick<SessionMachine<unknown>, 'reject'>,
): SessionFetch => {
  const send = async (
    bounds: Bounds,
    request: Request,
    fetch: Fetch,
    isRepeated: boolean,
  ): Promise<Response> => {
    const [{ signal, getToken }] = bounds
    const held: Bound[] = [...bounds, request]
    const lifetime = createLifetime(held)
    lifetime.signal.throwIfAborted()
    const token = getToken()
    // A copy, made for one attempt: a retry carries no old token, and no error object of ky's holds one.
    // Firefox takes `keepalive` from no request, and a copy that is changed takes no referrer (Fetch, section 5.4).
    const { keepalive, referrer, referrerPolicy } = request
    const attempt = new Request(request, {
      keepalive,
      referrer,
      referrerPolicy,
      signal: lifetime.signal,
      // The browser's cache belongs to no session: it would show the next user what it has kept of this one.
      cache: 'no-store',
    })
    held.push(attempt)
    try {
      // A `fetch` of the app's own that ignores the signal is not waited for.
      const response = await lifetime.hold(
        isWithin(request.url, baseUrl) ? authorize(attempt, token, fetch) : fetch(attempt),
      )
      return holdBody(response, lifetime)
    } catch (error) {
      if (!(error instanceof TokenRejectedError) || signal.aborted || token === null) throw error
      // The session has gone on with another token meanwhile. What can be sent again is.
      if (getToken() !== token && !isRepeated && !request.bodyUsed) return send(bounds, request, fetch, true)
      session.reject(token)
      throw error
    }
  }
  return (bounds, request, fetch) => send(bounds, request, fetch, false)
}
