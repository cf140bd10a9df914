import type { QueryClient } from '@tanstack/react-query'
import type { KeepStorage } from '../browser/createTokenStore.ts'
import type { TokenStorage } from '../browser/TokenStorage.ts'
import type { IsPublic } from '../cache/createIsPublic.ts'
import type { SessionEndReason } from '../errors/SessionEndedError.ts'
import type { AuthorizeOptions } from '../http/authorize.ts'
import type { Fetch } from '../http/createHttp.ts'
import type { ParserOptions } from '../http/createParser.ts'
import type { Endpoints } from '../http/Endpoint.ts'
import type { TokenRefresh } from '../http/TokenRefresh.ts'
import type { IsSameUser } from '../session/isSameUser.ts'
import type { Scheduler } from '../tanstack/deliverTogether.ts'
import type { QueryPersister } from '../tanstack/QueryPersister.ts'
import type { BeforeRevoke } from './createFarewell.ts'

/** Options of `createAuthClient`. */
export interface AuthClientOptions<TUser, TCredentials = object, TDetails = object>
  extends ParserOptions<TUser>, AuthorizeOptions {
  /** Root of the API. A path (`/api`, `https://host/query/v1/KEY`) is kept as a prefix. */
  baseUrl: string
  /** The app's TanStack Query client, the one given to `<QueryClientProvider>`. */
  queryClient: QueryClient
  /**
   * The API's endpoints: paths relative to `baseUrl`, or what they want to be sent. Default: `auth/login`, `auth/register`,
   * `auth/user`, `auth/logout`. If `logout` is `null`, no token is revoked, and a logout results in `revoked: false` without
   * an error.
   */
  endpoints?: Partial<Endpoints<TCredentials, TDetails>>
  /** Refreshes short-lived tokens: `tokenRefresh()` from `signoff/refresh`. Default: a refused token ends the session. */
  refresh?: TokenRefresh
  /** Where the token is kept. Default: `webStorage('local', 'token')`. */
  storage?: TokenStorage
  /**
   * What a sign-out empties. `'everything'` (the default): all of `localStorage` and this tab's `sessionStorage`.
   * `'token'`: only the token.
   */
  clearStorage?: 'everything' | 'token'
  /** Keys that `'everything'` leaves in both storages: theme, locale, consent. Never the token's key. Default: none. */
  keepStorage?: KeepStorage
  /**
   * Says which queries and mutations belong to no user (`true`): they are kept at sign-out, and not refetched. `'viewer'`:
   * a query that guests see too, but each in their own way, is forgotten and fetched anew whenever a session begins or ends.
   * The user query is always private. Default: `meta.public`.
   */
  isPublic?: IsPublic
  /**
   * Whether `api` and `fetch` go out without a token while nobody is signed in. What a guest has under way is aborted with a
   * `SessionEndedError` when a session begins. Default: `false`; they reject with `SignedOutError`.
   */
  guests?: boolean
  /**
   * Says whether the user that the user query or `renewSession` brings is the same person as before. If not, the session is
   * replaced, with all that belongs to that. Where it throws, nobody is the same. Default: by `id`, where both have one; else
   * nobody is the same, so that any answer that differs from the one before replaces the session: name what users have.
   */
  isSameUser?: IsSameUser<TUser>
  /** The `Persister` that the app gives to `persistQueryClient`. A sign-out removes its copy of the cache. */
  persister?: QueryPersister
  /** The function that the app gives to `notifyManager.setScheduler`. Default: TanStack Query's own. */
  scheduler?: Scheduler
  /** Milliseconds: the limit for each request for authentication, and for `logout()`. Default: 10,000. */
  timeout?: number
  /**
   * Called when a session has ended here by a logout, or because another login has replaced it: after everything is
   * forgotten, and before its token is revoked. Its `fetch` carries that token, to tell the server what the app still owes
   * it (a push subscription to remove). Waited for no longer than `timeout` milliseconds, or until the page is left. Its
   * failure is reported, and stops nothing.
   */
  beforeRevoke?: BeforeRevoke<TUser>
  /**
   * Called once for each ended session and tab, after React has committed. Navigate, show a toast or clear IndexedDB here.
   * `user` is `null` if the token had not been checked yet. An error that it throws is reported, and stops nothing.
   */
  onSignOut?: (event: { reason: SessionEndReason; user: TUser | null }) => unknown
  /**
   * Whether requests accept and send cookies (Fetch standard, credentials mode). Set `'omit'` if the API sets a cookie
   * beside the token, because no script can remove it at a logout. Default: `'same-origin'`.
   */
  credentials?: RequestCredentials
  /**
   * Sends one attempt of a request, with the token already on it. Default: `globalThis.fetch`. Your own function must pass
   * `{ keepalive: request.keepalive }` to it, because Firefox does not take that from a request. Without it, a logout is
   * lost if the user leaves the page at that moment.
   */
  fetch?: Fetch
}
