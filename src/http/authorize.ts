import { TokenRejectedError } from '../errors/TokenRejectedError.ts'
import { resolveBaseUrl } from '../browser/resolveBaseUrl.ts'
import type { Fetch } from './createHttp.ts'

/**
 * Sends one attempt of a request with a token on it.
 *
 * @param isJudged - Whether the answer can refuse the token. Default: it can.
 * @throws SessionEndedError with reason `'rejected'` if it refuses the token.
 */
export type Authorize = (
  attempt: Request,
  token: string,
  fetch: Fetch,
  isJudged?: boolean,
) => Promise<Response>

/** The API refuses a token with 401 (RFC 6750, section 3.1). */
export const isUnauthorized = ({ status }: Response): boolean => status === 401

/**
 * Tells whether an address is the API's: it has the API's exact origin and is below its path. The token is sent there and
 * nowhere else (OWASP ASVS 5.0, 10.1.1).
 */
export const isWithin = (url: string, baseUrl: string): boolean =>
  // The URL standard serialises both, so scheme, host and port are exact, and the path ends in a slash.
  url.startsWith(resolveBaseUrl(baseUrl))

/** The only place that puts the token on a request, and that decides whether an answer refuses it. */
export const createAuthorize =
  (baseUrl: string, isRejection: (response: Response) => boolean): Authorize =>
  async (attempt, token, fetch, isJudged = true) => {
    attempt.headers.set('Authorization', `Bearer ${token}`)
    const response = await fetch(attempt)
    // If a redirect led out of the API, the answer says nothing about the token.
    const isAnswer = !response.redirected || isWithin(response.url, baseUrl)
    if (isJudged && isAnswer && isRejection(response)) throw new TokenRejectedError()
    return response
  }
