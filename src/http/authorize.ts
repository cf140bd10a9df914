import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { Fetch } from './createHttp.ts'

/**
 * Sends one attempt of a request with a token on it.
 *
 * @param isJudged - Whether the answer may refuse the token. Default: it may.
 * @throws SessionEndedError with reason `'rejected'` where it does.
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
 * Tells whether an address is the API's: of its exact origin and below its path. The token goes there and nowhere else
 * (OWASP ASVS 5.0, 10.1.1).
 */
export const isWithin = (url: string, baseUrl: string): boolean =>
  // Both are serialised by the URL standard: scheme, host and port are exact, and the path ends in a slash.
  url.startsWith(new URL(baseUrl, globalThis.location?.href).href)

/** The one place where the token is put on a request, and where an answer is judged. */
export const createAuthorize =
  (baseUrl: string, isRejection: (response: Response) => boolean): Authorize =>
  async (attempt, token, fetch, isJudged = true) => {
    attempt.headers.set('Authorization', `Bearer ${token}`)
    const response = await fetch(attempt)
    // An answer that was redirected elsewhere says nothing of the token.
    const isAnswer = !response.redirected || isWithin(response.url, baseUrl)
    if (isJudged && isAnswer && isRejection(response)) throw new SessionEndedError('rejected')
    return response
  }
