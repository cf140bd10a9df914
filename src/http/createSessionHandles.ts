import type { KyInstance } from 'ky'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { SessionScope } from '../session/SessionScope.ts'
import { createApi } from './createApi.ts'
import type { Fetch } from './createHttp.ts'
import { createLifetime } from './createLifetime.ts'
import type { Bounds, SessionFetch } from './createSessionFetch.ts'

/**
 * Sends requests in one session: the one that was on when the handle was asked for. It is bound to it for good, so code
 * that goes on after an `await`, in a cleanup or in a closure never speaks for the next user.
 */
export interface SessionHandle {
  /**
   * ky instance on `baseUrl` for private requests. Rejects with `SessionEndedError` once the session is over, and with
   * `SignedOutError` if nobody was signed in. Has ky's habits: a time-out of 10 seconds for each attempt, two retries (not
   * of POST and PATCH), and an error for each status outside 2xx. Does not add the token outside `baseUrl`.
   */
  readonly api: KyInstance
  /**
   * `fetch` (WHATWG) under the same rules, with none of ky's habits. Any HTTP client that takes a `fetch` can use it.
   * Addresses are relative to the page, not to `baseUrl`.
   */
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /**
   * Aborted when the session ends; from the start if nobody was signed in, or for a guest (option `guests`) when a session
   * begins. For sockets, streams, uploads and timers.
   */
  readonly signal: AbortSignal
}

/** Makes what sends requests in the session that `getScope` returns, which is called in the caller's own tick. */
export type SendFor = (getScope: () => SessionScope) => Pick<SessionHandle, 'api' | 'fetch'>

export const createSendFor =
  (http: KyInstance, fetch: Fetch, sessionFetch: SessionFetch, credentials?: RequestCredentials): SendFor =>
  (getScope) => ({
    api: createApi(http, getScope, sessionFetch),
    fetch: (input, init) => {
      const own = credentials && !(input instanceof Request) && { credentials }
      const signal = init?.signal
      const bounds: Bounds = [getScope(), { signal, body: init?.body }]
      const send = async (): Promise<Response> => {
        // No request follows a signal that may live as long as the session: who follows is kept with it.
        const request = new Request(input, { ...own, ...init, ...(signal && { signal: null }) })
        return sessionFetch(bounds, request, fetch)
      }
      return createLifetime(bounds).hold(send())
    },
  })

/** Returns the same handle while the same session is on. */
export const createSessionHandles = (
  sendFor: SendFor,
  session: Pick<SessionMachine<unknown>, 'getScope'>,
): (() => SessionHandle) => {
  const handles = new WeakMap<SessionScope, SessionHandle>()
  return () => {
    const scope = session.getScope()
    const handle = handles.get(scope) ?? { ...sendFor(() => scope), signal: scope.signal }
    handles.set(scope, handle)
    return handle
  }
}
