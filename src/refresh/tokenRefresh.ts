import type { TokenRefresh } from '../http/TokenRefresh.ts'
import { createRefresher } from './createRefresher.ts'
import { tokensAsJson } from './tokensAsJson.ts'
import type { TokenRefreshOptions } from './TokenRefreshOptions.ts'

/**
 * Short-lived tokens: refreshes them before they expire and when the API refuses them, in one tab for all. Only a refusal
 * of the refresh token ends the session.
 *
 *     createAuthClient({ …, refresh: tokenRefresh({ endpoint: 'auth/refresh' }) })
 *
 * Stores both tokens in one value. The refresh token goes to the endpoints for refresh and logout alone. Does not refresh
 * while nothing asks: there is no timer.
 */
export const tokenRefresh = (options: TokenRefreshOptions = {}): TokenRefresh => {
  const { endpoint = 'auth/refresh' } = options
  return {
    endpoint,
    codec: tokensAsJson,
    connect: (parts) => createRefresher({ ...options, endpoint }, parts),
  }
}
