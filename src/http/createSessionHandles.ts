import type { KyInstance } from 'ky'
import type { SessionMachine, SessionScope } from '../session/createSession.ts'
import { createApi } from './createApi.ts'
import type { Fetch } from './createHttp.ts'
import type { SessionFetch } from './createSessionFetch.ts'

/**
 * One session to send requests in: the one that was on when it was asked for, for good. What a closure, a cleanup or a
 * mutation that awaits something holds on to never speaks for the next user.
 */
export interface SessionHandle {
  /**
   * ky instance on `baseUrl` for private requests. Rejects with `SessionEndedError` once the session is over, and with
   * `SignedOutError` where nobody was signed in. Has ky's habits: 10 seconds for each attempt, retries of GET, thrown
   * HTTP errors. Does not add the token outside `baseUrl`.
   */
  readonly api: KyInstance
  /**
   * `fetch` (WHATWG) under the same rules, with none of ky's habits: for any HTTP client that takes one. Relative
   * addresses are relative to the page.
   */
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /** Aborted when the session ends, from the start where nobody was signed in: for sockets, streams, uploads, timers. */
  readonly signal: AbortSignal
}

/** What sends requests for the session that `getScope` names in the caller's own tick. */
export type SendFor = (getScope: () => SessionScope) => Pick<SessionHandle, 'api' | 'fetch'>

export const createSendFor =
  (http: KyInstance, fetch: Fetch, sessionFetch: SessionFetch, credentials?: RequestCredentials): SendFor =>
  (getScope) => ({
    api: createApi(http, getScope, sessionFetch),
    fetch: async (input, init) => {
      const own = credentials && !(input instanceof Request) && { credentials }
      const signal = init?.signal
      // No request follows a signal that may live as long as the session: who follows is kept with it.
      const request = new Request(input, { ...own, ...init, ...(signal && { signal: null }) })
      return sessionFetch([getScope(), { signal }], request, fetch)
    },
  })

/** Gives the same handle as long as the same session is on. */
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
