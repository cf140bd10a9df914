import { AuthError } from './AuthError.ts'
import { isCausedBy } from './isCausedBy.ts'

/**
 * Why a request for authentication failed: `'network'` (no response arrived), `'timeout'` (the response did not arrive
 * within the `timeout` option), `'http'` (a status outside 200 to 299, or a redirect, which is not followed),
 * `'invalid-response'` (the response cannot be read).
 */
export type RequestErrorCode = 'network' | 'timeout' | 'http' | 'invalid-response'

/** What a {@link RequestError} is made of. */
export interface RequestErrorDetails {
  code: RequestErrorCode
  /** HTTP status, `0` when no response arrived. */
  status: number
  /** HTTP status text, `''` when no response arrived. */
  statusText: string
  /** The parsed body of the response. Default: `undefined`. */
  data?: unknown
  /** The lower-level error, if it cannot hold a token or password. */
  cause?: unknown
}

/**
 * The API could not be reached, timed out, refused, or sent what cannot be read.
 *
 * Thrown by `login()`, `register()`, the user query, and a request whose token could not be refreshed (`signoff/refresh`);
 * `logout()` puts it into its result instead.
 * Its message is the `message` in the response's body, if there is one.
 */
export class RequestError extends AuthError {
  override readonly name = 'RequestError' as const
  declare readonly code: RequestErrorCode
  /** HTTP status, `0` when no response arrived, or a redirect was not followed. */
  declare readonly status: number
  /** HTTP status text, `''` when no response arrived. */
  declare readonly statusText: string
  /**
   * The parsed body of the response; `undefined` where there was none, where it is not JSON, and where it repeats a secret that
   * was sent.
   */
  declare readonly data: unknown

  constructor(message: string, { cause, ...details }: RequestErrorDetails) {
    super(message, cause === undefined ? undefined : { cause })
    Object.assign(this, details)
  }
}

/**
 * Tells whether a value is a {@link RequestError}, or an error that has one as its `cause`, as HTTP clients wrap what their
 * `fetch` throws. Its fields then stand on that `cause`.
 */
export const isRequestError = (value: unknown): value is RequestError => isCausedBy(value, RequestError)
