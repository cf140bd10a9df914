import { isHTTPError, isNetworkError, isTimeoutError, type KyInstance, type Options } from 'ky'
import { RequestError, type RequestErrorCode } from '../errors/RequestError.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { Fetch } from './createHttp.ts'
import { type Endpoints, resolveEndpoint } from './Endpoint.ts'
import { matchSecret } from '../browser/matchSecret.ts'
import type { Authorize } from './authorize.ts'

/** One request for authentication. */
export interface AuthRequest extends Pick<Options, 'signal' | 'keepalive' | 'retry'> {
  token?: string
  /** The body, merged over the endpoint's own. */
  json?: object
  /** Called before each attempt. */
  mayBeSent?: () => boolean
  /** Whether an answer can refuse the token. Default: it cannot. */
  isJudged?: boolean
}

/** A 2xx answer. */
export interface Answer {
  status: number
  statusText: string
  /** The parsed body, `undefined` if it is empty. */
  body?: unknown
}

/**
 * Sends a request for authentication. The `timeout` option limits the whole, with retries and a slow body.
 *
 * @throws SessionEndedError with reason `'rejected'` if the response rejects the token; RequestError if the response is
 * not 2xx or cannot be read, or if there is none; the signal's reason if it is aborted.
 */
export type CallEndpoint = (name: keyof Endpoints, request: AuthRequest) => Promise<Answer>

/** Some APIs echo what was sent, in validation errors for example. Such a body is dropped. */
const withoutSecrets = (data: unknown, sent: object): unknown => {
  const text = JSON.stringify(data) ?? ''
  let isEcho = false
  JSON.stringify(sent, (key, value: unknown) => {
    // A plain word ("wrong") may occur in any message. It is an echo only if it is a whole value.
    const quoted = JSON.stringify(value) ?? ''
    if (value && /pass|token/i.test(key))
      isEcho ||= text.includes(matchSecret(/^"[a-z]{1,11}"$/i, quoted) ? quoted : quoted.slice(1, -1))
    return value
  })
  return isEcho ? undefined : data
}

/** A key of this name would become the prototype of a copy of the user. */
const withoutPrototype = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value)

export const createEndpointCaller =
  (
    http: KyInstance,
    fetch: Fetch,
    authorize: Authorize,
    totalTimeout: number,
    endpoints?: Partial<Endpoints>,
  ): CallEndpoint =>
  async (name, { token, json, mayBeSent, isJudged = false, ...options }) => {
    const { path, method, json: ownJson } = resolveEndpoint(endpoints, name)
    let response: Response | undefined
    let text: string | undefined

    try {
      text = await http(path, {
        ...options,
        method,
        totalTimeout,
        timeout: false,
        // A redirect to another origin would send the credentials there.
        redirect: 'error',
        headers: { Accept: 'application/json' },
        fetch: async (given) => {
          const attempt = given as Request
          options.signal?.throwIfAborted()
          if (mayBeSent?.() === false) throw new TypeError('No longer to be sent')
          response = await (token ? authorize(attempt, token, fetch, isJudged) : fetch(attempt))
          return response
        },
        ...((json || ownJson) && { json: { ...ownJson, ...json } }),
      }).text()
      const { status, statusText } = response as unknown as Response
      // The `index.html` of a single-page app, which answers for a missing route, is no answer: it is no JSON.
      return { status, statusText, body: text ? JSON.parse(text, withoutPrototype) : undefined }
    } catch (error) {
      options.signal?.throwIfAborted()
      if (error instanceof SessionEndedError) throw error

      const { status, statusText, ok = true } = response ?? { status: 0, statusText: '' }
      let code: RequestErrorCode = text === undefined ? 'network' : 'invalid-response'
      if (isTimeoutError(error)) code = 'timeout'
      if (!ok) code = 'http'
      const data =
        isHTTPError(error) && typeof error.data === 'object'
          ? withoutSecrets(error.data, { json, token })
          : undefined
      const { message } = Object(data) as { message?: unknown }
      // ky's error holds the request, and an error of the app's own `fetch` may hold anything. Only the message is safe.
      const cause = isNetworkError(error) ? new TypeError(Object(error.cause).message) : undefined
      throw new RequestError(
        typeof message === 'string' && message ? message : `${method} ${path} failed: ${code} ${status}`,
        { code, status, statusText, data, cause },
      )
    }
  }
