import type { ParserOptions } from '../http/createParser.ts'
import type { Endpoint, GivenTokens } from '../http/Endpoint.ts'

/** Options of `tokenRefresh`. */
export interface TokenRefreshOptions {
  /**
   * The endpoint that refreshes, relative to `baseUrl`. Default: `'auth/refresh'`, which is sent `{ refreshToken }` as JSON.
   * A `body` function is given `{ token, refreshToken }`; with one, an API can be asked that keeps the refresh token in a
   * cookie. No access token goes with the request.
   */
  endpoint?: Endpoint<GivenTokens>
  /**
   * Finds the new token in the answer, perhaps a new refresh token (else the old one stays), and perhaps a user. Default:
   * `parseSession` of the client.
   */
  parse?: ParserOptions<unknown>['parseSession']
  /**
   * Milliseconds before `expiresIn` is over at which a request refreshes first; never in the first half of a token's life.
   * `0`: only when the API has refused the token. Default: 30,000.
   */
  early?: number
  /**
   * Says which answer means that the refresh token is dead. Is given a copy, so it may read the body, and may be
   * asynchronous. An HTML page is never one. Everything else (no answer, 429, 5xx) ends nothing. Default: status 400, 401 or
   * 403 (RFC 6749, section 5.2).
   */
  isRefusal?: (response: Response) => boolean | Promise<boolean>
}
