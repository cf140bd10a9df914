import { resolveBaseUrl } from '../browser/resolveBaseUrl.ts'
import { report } from '../errors/safely.ts'
import { TokenRejectedError } from '../errors/TokenRejectedError.ts'
import { copyLazily } from './copyLazily.ts'
import type { Fetch } from './createHttp.ts'
import { settleWithin } from './settleWithin.ts'

/**
 * Sends one attempt of a request to the API, with a token on it. `null`: without one.
 *
 * @param isJudged - Whether the answer can refuse the token. Default: it can.
 * @throws SessionEndedError with reason `'rejected'` if it refuses the token.
 */
export type Authorize = (
  attempt: Request,
  token: string | null,
  fetch: Fetch,
  isJudged?: boolean,
) => Promise<Response>

/** How the API wants to be spoken to, and how it refuses a token. */
export interface AuthorizeOptions {
  /**
   * Puts the token on a request: by another scheme (`Token …`), or in another header. Default: `Authorization: Bearer …`
   * (RFC 6750, section 2.1). Where the API redirects to another origin, `fetch` takes that header off, and no other one
   * (Fetch standard, section 4.4).
   */
  authorize?: (headers: Headers, token: string) => void
  /** Constant headers of every request to the API (an API key). A request's own count more. Default: none. */
  headers?: Record<string, string>
  /**
   * Says which response of the API ends the session. Is given a copy, so it may read the body, and may be asynchronous,
   * within `timeout` milliseconds. Where it fails, the status decides. Of the logout's answer it says that the token was
   * dead, and ends nothing. Default: one with status 401 (RFC 6750, section 3.1).
   */
  isRejection?: (response: Response) => boolean | Promise<boolean>
}

const isUnauthorized = ({ status }: Response): boolean => status === 401

const authorizeBearer = (headers: Headers, token: string): void =>
  headers.set('Authorization', `Bearer ${token}`)

/**
 * Tells whether an address is the API's: it has the API's exact origin and is below its path. The token is sent there and
 * nowhere else (OWASP ASVS 5.0, 10.1.1).
 */
export const isWithin = (url: string, baseUrl: string): boolean =>
  // The URL standard serialises both, so scheme, host and port are exact, and the path ends in a slash.
  url.startsWith(resolveBaseUrl(baseUrl))

/**
 * Asks the app's own function about an answer. Where it fails, the status decides.
 *
 * @param timeout - Milliseconds.
 */
export const createJudge =
  (
    isRejection: NonNullable<AuthorizeOptions['isRejection']>,
    isByStatus: (response: Response) => boolean,
    timeout: number,
  ): ((response: Response) => Promise<boolean>) =>
  async (response) => {
    try {
      return await settleWithin(timeout, (async () => isRejection(copyLazily(response)))())
    } catch (failure) {
      report(failure)
      return isByStatus(response)
    }
  }

/** Decides whether an answer refuses the token that it was asked with. */
export type IsRejection = (response: Response) => boolean | Promise<boolean>

/** @param timeout - Milliseconds for the app's own function. */
export const createIsRejection = (
  isRejection: AuthorizeOptions['isRejection'],
  timeout: number,
): IsRejection => (isRejection ? createJudge(isRejection, isUnauthorized, timeout) : isUnauthorized)

/**
 * The only place that puts the token on a request.
 *
 * @param lookElsewhere - Called when a token is refused: another tab may have stored its successor.
 */
export const createAuthorize =
  (
    baseUrl: string,
    { authorize = authorizeBearer, headers = {} }: AuthorizeOptions,
    isRejection: IsRejection,
    lookElsewhere: () => void,
  ): Authorize =>
  async (attempt, token, fetch, isJudged = true) => {
    for (const [name, value] of Object.entries(headers)) {
      if (!attempt.headers.has(name)) attempt.headers.set(name, value)
    }
    if (token !== null) authorize(attempt.headers, token)
    const response = await fetch(attempt)
    // Some platforms follow redirects, and do not say so.
    const isRedirected = (response as Partial<Response>).redirected ?? response.url !== attempt.url
    // If one led out of the API, the answer says nothing about the token.
    const isAnswer = !isRedirected || isWithin(response.url, baseUrl)
    if (token !== null && isJudged && isAnswer && (await isRejection(response))) {
      lookElsewhere()
      throw new TokenRejectedError()
    }
    return response
  }
