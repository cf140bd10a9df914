import type { UserOptions } from '../cache/createUserQuery.ts'
import type { AuthError } from '../errors/AuthError.ts'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import type { AuthState } from '../session/AuthState.ts'

/** The user as it is typed where the app has registered nothing (see `Register`). */
export type DefaultUser = Record<string, unknown>

/** A session as the API hands it out. */
export interface AuthSession<TUser = DefaultUser> {
  user: TUser
  token: string
}

/** What became of a logout. */
export interface LogoutResult<TUser = DefaultUser> {
  /** Who was logged out, `null` where nobody was signed in. */
  user: TUser | null
  /** The token that was logged out, `null` where nobody was signed in. */
  token: string | null
  /** HTTP status of the logout endpoint, `0` when no response arrived. */
  status: number
  /** HTTP status text of the logout endpoint. */
  statusText: string
  /** Why the server did not confirm, `null` where it did. */
  error: AuthError | null
  /** Whether the server confirmed that the token is dead (2xx or 401), or there was no session to end. */
  revoked: boolean
}

/** Sends each request in the session in which it is called. */
export interface AnySession {
  /**
   * ky instance on `baseUrl` for private requests: adds the token, ends with the session. Has ky's habits: 10 seconds for
   * each attempt, retries of GET, thrown HTTP errors.
   *
   * Rejects with `SignedOutError` while nobody is signed in, and with `SessionEndedError` when the session ends on the
   * way. Does not add the token outside `baseUrl`. Code that goes on after an `await` may find another user's session:
   * what is to stay with one holds on to `getSession()`.
   */
  readonly api: SessionHandle['api']
  /** `fetch` (WHATWG) under the same rules, with none of ky's habits: for any HTTP client that takes one. */
  readonly fetch: SessionHandle['fetch']
}

/** Holds the session of one API: who is signed in, with which token, and what is to be forgotten at sign-out. */
export interface AuthClient<
  TUser = DefaultUser,
  TCredentials = object,
  TDetails = object,
> extends AnySession {
  /** Who is signed in. Returns the same object until something changes. */
  getState: () => AuthState<TUser>
  /**
   * The session that is on, to send requests in: the same object as long as it is on, and bound to it for good. What
   * `useSession()` returns, outside React.
   */
  getSession: () => SessionHandle
  /** Aborted when the session that is on ends; aborted already while nobody is signed in. */
  getSignal: () => AbortSignal
  /**
   * Says what a 401 would say: the API refused this token (a socket was closed with 4401, a GraphQL error). Where it is
   * the current one, the session ends as `'rejected'`, without a logout request. Does nothing for any other token.
   */
  rejectToken: (token: string) => void
  /** Calls the listener after each change of the state. Returns a function that stops it. */
  subscribe: (listener: () => void) => () => void
  /**
   * Logs in. A session that is on is replaced and its token revoked.
   *
   * @throws RequestError when the API refuses or cannot be reached.
   * @throws SessionEndedError when a later login or logout, in this tab or another, took over meanwhile; the token of
   * this one is then revoked.
   */
  login: (credentials: TCredentials) => Promise<AuthSession<TUser>>
  /** Registers and logs in, as `login` does. */
  register: (details: TDetails) => Promise<AuthSession<TUser>>
  /**
   * Logs out: here and in the other tabs at once, on the server as soon as it answers. Never rejects and settles
   * within `timeout` milliseconds.
   */
  logout: () => Promise<LogoutResult<TUser>>
  /**
   * Begins a session that was obtained elsewhere (a single sign-on callback, for example).
   *
   * @throws TypeError when the token cannot be sent as a bearer token.
   */
  setSession: (session: AuthSession<TUser>) => void
  /** Starts to listen to tabs and page, and checks a stored token. Returns `unmount`. `<AuthProvider>` calls it. */
  mount: () => () => void
  /** Undoes one `mount`; the last leaves no listener behind. */
  unmount: () => void
  /** Options of the user query, for `useSuspenseQuery`, `ensureQueryData` and router loaders. */
  readonly userOptions: UserOptions<TUser>
}
