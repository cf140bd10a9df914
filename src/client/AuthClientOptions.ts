import type { QueryClient } from '@tanstack/react-query'
import type { KeepStorage } from '../browser/createTokenStore.ts'
import type { TokenStorage } from '../browser/TokenStorage.ts'
import type { IsPublic } from '../cache/createIsPublic.ts'
import type { SessionEndReason } from '../errors/SessionEndedError.ts'
import type { Fetch } from '../http/createHttp.ts'
import type { ParserOptions } from '../http/createParser.ts'
import type { Endpoints } from '../http/Endpoint.ts'
import type { Scheduler } from '../tanstack/deliverTogether.ts'
import type { QueryPersister } from '../tanstack/QueryPersister.ts'

/** Options of `createAuthClient`. */
export interface AuthClientOptions<TUser> extends ParserOptions<TUser> {
  /** API root; a path (`/api`, `https://host/query/v1/KEY`) is kept as a prefix. */
  baseUrl: string
  /** The app's TanStack Query client, the one given to `<QueryClientProvider>`. */
  queryClient: QueryClient
  /**
   * Where the API's endpoints are, relative to `baseUrl`. Default: `auth/login`, `auth/register`, `auth/user`,
   * `auth/logout`. Where `logout` is `null` no token is revoked, and a logout results in `revoked: false` without an error.
   */
  endpoints?: Partial<Endpoints>
  /** Where the token is kept. Default: `webStorage('local', 'token')`. */
  storage?: TokenStorage
  /**
   * What a sign-out empties: `'everything'` (the default) is all of `localStorage` and this tab's `sessionStorage`,
   * `'token'` the token alone.
   */
  clearStorage?: 'everything' | 'token'
  /** Keys that survive `'everything'` in both storages: theme, locale, consent. Never the token's. Default: none. */
  keepStorage?: KeepStorage
  /**
   * Which queries and mutations are not a user's own: kept at sign-out, not refetched. Never the user query.
   * Default: those with `meta: { public: true }`.
   */
  isPublic?: IsPublic
  /** Which response of the API ends the session. Default: one with status 401 (RFC 6750, section 3.1). */
  isRejection?: (response: Response) => boolean
  /** The `Persister` that the app gives to `persistQueryClient`; its copy of the cache goes too. */
  persister?: QueryPersister
  /** The function that the app gives to `notifyManager.setScheduler`. Default: TanStack Query's own. */
  scheduler?: Scheduler
  /** Milliseconds for each request for authentication, and the most that `logout()` takes. Default: 10,000. */
  timeout?: number
  /**
   * Called once for each ended session and tab, after React has committed: navigate, toast, clear IndexedDB.
   * `user` is `null` where the token had not been checked yet. What it throws is reported and stops nothing.
   */
  onSignOut?: (event: { reason: SessionEndReason; user: TUser | null }) => unknown
  /**
   * Whether requests take and send cookies (Fetch standard, credentials mode). `'omit'` for an API that sets a cookie
   * beside the token, which no script can remove at a logout. Default: `'same-origin'`.
   */
  credentials?: RequestCredentials
  /**
   * Sends one attempt of a request, with the token already on it. Default: `globalThis.fetch`. One of your own that calls
   * it names `{ keepalive: request.keepalive }`: Firefox takes that from no request, and a logout in the moment in which
   * the page is left would be lost.
   */
  fetch?: Fetch
}
