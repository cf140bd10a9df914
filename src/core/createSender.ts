import { HTTPError, type KyInstance, NetworkError, type Options, TimeoutError } from 'ky'
import { RequestError, type RequestErrorCode } from '../errors/RequestError.ts'
import type { Fetch } from './createHttp.ts'
import { type Endpoints, resolveEndpoint } from './Endpoint.ts'

/** One request for authentication. */
export interface AuthRequest extends Pick<Options, 'signal' | 'keepalive' | 'retry'> {
  token?: string
  /** The body, merged over the endpoint's own. */
  json?: object
  /** Tells which response means that the token is refused. */
  isRejection?: (response: Response) => boolean
}

/** A 2xx answer, or one that means that the token is refused. */
export interface Answer {
  status: number
  statusText: string
  /** The parsed body, `undefined` where it is empty. */
  body?: unknown
  isRejected?: boolean
}

/**
 * Sends a request for authentication, bounded by the `timeout` option with its retries and a slow body included.
 *
 * @throws RequestError for an answer that is neither 2xx nor a rejection; the signal's reason when it is aborted.
 */
export type Send = (name: keyof Endpoints, request: AuthRequest) => Promise<Answer>

/** Some APIs echo what was sent, in their validation errors for example. */
const redact = (data: unknown, sent: object): unknown => {
  const secrets = Object.entries(sent).filter(([key, value]) => /pass|token/i.test(key) && value)
  const clean = (text: string): string =>
    secrets.reduce((rest, [, secret]) => rest.replaceAll(String(secret), '***'), text)
  return data && JSON.parse(JSON.stringify(data), (_key, value) => (typeof value === 'string' ? clean(value) : value))
}

export const createSender =
  (http: KyInstance, fetch: Fetch, totalTimeout: number, endpoints?: Partial<Endpoints>): Send =>
  async (name, { token, json, isRejection, ...options }) => {
    const { path, method, json: ownJson } = resolveEndpoint(endpoints, name)
    let code = 'network' as RequestErrorCode
    let answer: Answer = { status: 0, statusText: '' }
    try {
      const text = await http(path, {
        ...options,
        method,
        totalTimeout,
        timeout: false,
        // A redirect to another origin would deliver credentials there.
        redirect: 'error',
        headers: { Accept: 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
        fetch: async (request) => {
          const response = await fetch(request as Request)
          const { status, statusText, ok } = response
          answer = { status, statusText, ...(isRejection && { isRejected: isRejection(response) }) }
          code = ok ? 'network' : 'http'
          return response
        },
        ...((json || ownJson) && { json: { ...ownJson, ...json } }),
      }).text()
      // A single-page app's `index.html` that answers for a missing route is no answer.
      code = 'invalid-response'
      return { ...answer, body: text ? JSON.parse(text) : undefined }
    } catch (error) {
      options.signal?.throwIfAborted()
      if (answer.isRejected) return answer
      if (code !== 'http' && error instanceof TimeoutError) code = 'timeout'
      const data = error instanceof HTTPError ? redact(error.data, { ...json, token }) : undefined
      const { message } = Object(data) as { message?: unknown }
      throw new RequestError(
        typeof message === 'string' && message ? message : `${method} ${path} failed (${code}, status ${answer.status})`,
        // ky's error holds the request, and so the token; what the browser threw does not.
        { ...answer, code, data, cause: error instanceof NetworkError ? error.cause : undefined },
      )
    }
  }
