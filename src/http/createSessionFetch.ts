import { isSessionEndedError } from '../errors/SessionEndedError.ts'
import type { SessionMachine, SessionScope } from '../session/createSession.ts'
import { type Authorize, isWithin } from './authorize.ts'
import type { Fetch } from './createHttp.ts'
import { createLifetime } from './createLifetime.ts'
import { holdBody } from './holdBody.ts'

/** Sends one attempt of a private request for a session. */
export type SessionFetch = (scope: SessionScope, request: Request, fetch: Fetch) => Promise<Response>

/**
 * Makes the function that sends private requests. A request carries the token of its own session, is aborted when that
 * session ends, and is never sent in the next one.
 */
export const createSessionFetch =
  (baseUrl: string, authorize: Authorize, session: Pick<SessionMachine<unknown>, 'reject'>): SessionFetch =>
  async (scope, request, fetch) => {
    const { signal } = scope
    const lifetime = createLifetime([signal, request.signal])
    lifetime.signal.throwIfAborted()
    const token = scope.getToken() ?? ''
    // A copy for one attempt, so that no retry carries an old token and no error of ky's holds one.
    // Firefox does not take `keepalive` from a request, so it is passed again.
    const attempt = new Request(request, { keepalive: request.keepalive, signal: lifetime.signal })
    try {
      // If the app's own `fetch` ignores the signal, nobody waits for it.
      const response = await lifetime.hold(
        isWithin(request.url, baseUrl) ? authorize(attempt, token, fetch) : fetch(attempt),
      )
      return holdBody(response, lifetime)
    } catch (error) {
      if (isSessionEndedError(error) && !signal.aborted) session.reject(token)
      throw error
    }
  }
