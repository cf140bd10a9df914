import { isNetworkError, isTimeoutError, type KyInstance, type Options } from 'ky'
import { throwIfAborted } from '../errors/abortReason.ts'
import { RequestError, type RequestErrorCode } from '../errors/RequestError.ts'
import { TokenRejectedError } from '../errors/TokenRejectedError.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { safely } from '../errors/safely.ts'
import type { Answer } from './Answer.ts'
import type { Fetch } from './createHttp.ts'
import { type AllEndpoints, describeRequest, isBearer, type ReadToken, resolveEndpoint } from './Endpoint.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { Authorize } from './authorize.ts'
import { isDocument } from './isDocument.ts'
import { readToken } from './readToken.ts'
import { withoutSecrets } from './withoutSecrets.ts'

/** One request for authentication. */
export interface AuthRequest extends Pick<Options, 'signal' | 'keepalive' | 'retry'> {
  /** Who asks. The access token goes with the request, unless that is a refresh: the refresh token is sent instead. */
  tokens?: Tokens
  /** What a login or registration sends. */
  credentials?: object
  /** Called before each attempt. */
  mayBeSent?: () => boolean
  /** Whether an answer can refuse the token. Default: it cannot. */
  isJudged?: boolean
  /** Whether an answer refuses what was sent. */
  judge?: (response: Response) => Promise<boolean>
  /** Whether a text that is no JSON is an answer too, unless it is a document. Default: it is not. */
  mayBeText?: boolean
}

/**
 * Sends a request for authentication, and follows no redirect: it could lead the credentials elsewhere. The `timeout`
 * option limits the whole, with retries and a slow body.
 *
 * @throws SessionEndedError with reason `'rejected'` if the response rejects the token; RequestError if the response is
 * not 2xx or cannot be read, or if there is none; the signal's reason if it is aborted.
 */
export type CallEndpoint = (name: keyof AllEndpoints, request: AuthRequest) => Promise<Answer>

/** Browsers tell nothing of a redirect that is not followed. Node does. */
const isRedirect = ({ type, status, headers }: Response): boolean =>
  type === 'opaqueredirect' || (status >= 300 && status < 400 && headers.has('Location'))

const ignore = (): void => {}

/** A key of this name would become the prototype of a copy of the user. */
const withoutPrototype = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value)

export const createEndpointCaller =
  (
    http: KyInstance,
    fetch: Fetch,
    authorize: Authorize,
    totalTimeout: number,
    endpoints?: Partial<AllEndpoints>,
  ): CallEndpoint =>
  async (
    name,
    { tokens, credentials, mayBeSent, judge, isJudged = false, mayBeText = false, ...options },
  ) => {
    const endpoint = resolveEndpoint(endpoints, name)
    const isRefresh = name === 'refresh'
    const refreshToken = tokens?.refreshToken
    const given = credentials ?? { token: tokens?.token, refreshToken }
    const token = (!isRefresh && tokens?.token) || null
    const sent = isRefresh ? { refreshToken } : credentials
    if (!endpoint) return readToken(endpoints?.user as ReadToken, token ?? '', totalTimeout)
    const read = (body: string): unknown => {
      try {
        return body ? JSON.parse(body, withoutPrototype) : undefined
      } catch (error) {
        if (!mayBeText || isDocument(body)) throw error
        return undefined
      }
    }
    let response: Response | undefined
    let text: string | undefined
    /** The last try failed before the time was over: what ran out is the time until the next one. */
    let isUnreachable = false

    try {
      const { path, ...request } = describeRequest(endpoint, given, sent)
      text = await http(path, {
        ...options,
        ...request,
        totalTimeout,
        timeout: false,
        redirect: 'error',
        // The browser's cache belongs to no session.
        cache: 'no-store',
        fetch: async (input) => {
          const attempt = input as Request
          // The last failure counts: the answer of an earlier try is none to this one.
          response = undefined
          throwIfAborted(options.signal)
          if (mayBeSent?.() === false) throw new TypeError('No longer to be sent')
          isUnreachable = false
          response = await authorize(attempt, isBearer(endpoint) ? token : null, fetch, isJudged).catch(
            (error: unknown) => {
              isUnreachable = !attempt.signal.aborted
              throw error
            },
          )
          if (await judge?.(response)) throw new TokenRejectedError()
          return response
        },
      }).text()
      const { status, statusText, headers } = response as unknown as Response
      return { status, statusText, headers, body: read(text) }
    } catch (error) {
      throwIfAborted(options.signal)
      if (error instanceof SessionEndedError) throw error

      const isRefused = response !== undefined && isRedirect(response)
      const answer = isRefused ? undefined : response
      const { status, statusText, ok = !isRefused } = answer ?? { status: 0, statusText: '' }
      let code: RequestErrorCode = text === undefined ? 'network' : 'invalid-response'
      if (isTimeoutError(error) && !isUnreachable) code = 'timeout'
      if (!ok) code = 'http'
      const refusal = ok ? undefined : (error as { data?: unknown }).data
      // Some servers say that their JSON is text.
      const body = typeof refusal === 'string' ? safely(() => read(refusal), ignore) : refusal
      const data = typeof body === 'object' ? withoutSecrets(body, credentials, tokens) : undefined
      const { message } = Object(data) as { message?: unknown }
      // ky's error holds the request, and an error of the app's own `fetch` may hold anything. Only the message is safe.
      const cause = isNetworkError(error) ? new TypeError(Object(error.cause).message) : undefined
      const failure = isRefused
        ? 'was redirected, and credentials follow no redirect: name the address that it leads to, perhaps the one with a slash'
        : `failed: ${code} ${status}`
      throw new RequestError(
        typeof message === 'string' && message ? message : `${endpoint.method} ${endpoint.path} ${failure}`,
        { code, status, statusText, data, cause },
      )
    }
  }
