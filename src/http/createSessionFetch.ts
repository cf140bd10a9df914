import { throwIfAborted } from '../errors/abortReason.ts'
import { RequestError } from '../errors/RequestError.ts'
import { TokenRejectedError } from '../errors/TokenRejectedError.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { SessionScope } from '../session/SessionScope.ts'
import { type Authorize, isWithin } from './authorize.ts'
import type { Fetch } from './createHttp.ts'
import { type Bound, createLifetime } from './createLifetime.ts'
import type { Refusal } from './createRefusal.ts'
import { holdBody } from './holdBody.ts'
import type { Refresher } from './TokenRefresh.ts'

/** Whose a request is, and who else may end it. */
export type Bounds = readonly [SessionScope, ...Bound[]]

/** Sends one attempt of a private request for a session. */
export type SessionFetch = (bounds: Bounds, request: Request, fetch: Fetch) => Promise<Response>

/** Of a body that can be read but once. A `Request` can be copied, whatever its body was made of. */
const isStream = (bound: Bound): boolean =>
  typeof ReadableStream !== 'undefined' && bound.body instanceof ReadableStream && !(bound instanceof Request)

/** Firefox tells nothing of a request's body. */
const hasBody = ({ method }: Request): boolean => method !== 'GET' && method !== 'HEAD'

const createUnrepeatable = ({ method }: Request): RequestError =>
  new RequestError(
    `The body of this ${method} can be read only once, so it was not sent with the new token`,
    {
      code: 'http',
      status: 401,
      statusText: '',
    },
  )

/** How often a request was sent again: because its session had gone on with another token, and after a refresh. */
interface Repeats {
  readonly isOutrun?: boolean
  readonly isRefreshed?: boolean
}

/**
 * Makes the function that sends private requests. A request carries the token of the session that it belongs to, is
 * aborted when that session ends, and is never sent under the next one. A guest's carries none. If the API refuses the
 * token and the session goes on with another, the request is made anew.
 */
export const createSessionFetch = (
  baseUrl: string,
  authorize: Authorize,
  session: Pick<SessionMachine<unknown>, 'getScope' | 'reject' | 'whenKnown'>,
  refuse: Refusal,
  refresher: Pick<Refresher, 'prepare'> | undefined,
): SessionFetch => {
  const send = async (
    bounds: Bounds,
    request: Request,
    fetch: Fetch,
    repeats: Repeats,
  ): Promise<Response> => {
    const [scope] = bounds
    const { signal, getToken } = scope
    const held: Bound[] = [...bounds, request]
    const lifetime = createLifetime(held)
    const isOwn = isWithin(request.url, baseUrl)
    // Until it is known who is signed in, nobody asks as a guest. A login waits for nothing.
    const preparing =
      (scope === session.getScope() && session.whenKnown()) ||
      (isOwn && getToken() !== null && refresher?.prepare())
    if (preparing) await lifetime.hold(preparing)
    // The session may have ended in the microtask between.
    throwIfAborted(lifetime.signal)
    const token = getToken()
    const isRepeatable = !bounds.some(isStream)
    const spare = refresher && hasBody(request) && isRepeatable ? request.clone() : request
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
      const response = await lifetime.hold(isOwn ? authorize(attempt, token, fetch) : fetch(attempt))
      return holdBody(response, lifetime)
    } catch (error) {
      if (!(error instanceof TokenRejectedError) || signal.aborted || token === null) throw error
      const isOutrun = getToken() !== token
      // No token is refused for ever: once outrun and once refreshed, the third refusal is the last.
      if (isOutrun ? repeats.isOutrun : repeats.isRefreshed) {
        session.reject(token)
        throw error
      }
      if (!isOutrun) await lifetime.hold(refuse(token))
      if (spare.bodyUsed || !isRepeatable) throw createUnrepeatable(request)
      return send(bounds, spare, fetch, { ...repeats, [isOutrun ? 'isOutrun' : 'isRefreshed']: true })
    }
  }
  return (bounds, request, fetch) => send(bounds, request, fetch, {})
}
