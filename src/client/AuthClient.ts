import type { UserOptions } from '../cache/createUserQuery.ts'
import type { AuthError } from '../errors/AuthError.ts'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import type { AuthState } from '../session/AuthState.ts'
import type { LoginFunction, NewSession } from './LoginFunction.ts'

/** The type of the user if the app has registered no client (see `Register`). */
export type DefaultUser = Record<string, unknown>

/** A session as the API returns it. */
export interface AuthSession<TUser = DefaultUser> {
  user: TUser
  token: string
}

/** What became of a logout. */
export interface LogoutResult<TUser = DefaultUser> {
  /** Who was logged out, `null` if nobody was signed in. */
  user: TUser | null
  /** The token that was logged out, `null` if nobody was signed in. */
  token: string | null
  /** HTTP status of the logout endpoint, `0` when no response arrived. */
  status: number
  /** HTTP status text of the logout endpoint. */
  statusText: string
  /** Why the server did not confirm, `null` if it did, or if the API cannot revoke a token. */
  error: AuthError | null
  /**
   * Whether the server confirmed that the token is dead (2xx or 401), or nobody was signed in. `false` also if the storage had
   * not been read yet.
   */
  revoked: boolean
}

/** Options of `logout`. */
export interface LogoutOptions {
  /** Asks `endpoints.logoutEverywhere` in the place of `endpoints.logout`: all sessions of the user end. Default: `false`. */
  everywhere?: boolean
}

/** Sends each request in the session that is on when it is called. */
export interface AnySession {
  /**
   * ky instance on `baseUrl` for private requests: it adds the token, and its requests end with the session. Has ky's
   * habits: a time-out of 10 seconds for each attempt, two retries (not of POST and PATCH), and an error for each status
   * outside 2xx.
   *
   * Rejects with `SignedOutError` while nobody is signed in (unless there are `guests`), and with `SessionEndedError` if the
   * session ends on the way.
   * Does not add the token outside `baseUrl`. Code that goes on after an `await` may find another user's session: hold on
   * to `getSession()` to stay in one.
   */
  readonly api: SessionHandle['api']
  /** `fetch` (WHATWG) under the same rules, with none of ky's habits. Any HTTP client that takes a `fetch` can use it. */
  readonly fetch: SessionHandle['fetch']
}

/** Holds the session of one API: who is signed in, with which token, and what a sign-out forgets. */
export interface AuthClient<
  TUser = DefaultUser,
  TCredentials = object,
  TDetails = object,
> extends AnySession {
  /**
   * Who is signed in. Returns the same object until something changes. Reads the storage again if nobody has mounted the
   * client or subscribed to it, because nothing else tells it then of other tabs.
   */
  getState: () => AuthState<TUser>
  /**
   * The session that is on, to send requests in. Returns the same object while the session is on. The object is bound to
   * that session for good. Use it outside React; inside, use `useSession()`.
   */
  getSession: () => SessionHandle
  /**
   * The signal of the session that is on, aborted when it ends. While nobody is signed in, it is aborted already; with the
   * option `guests`, it is the guest's, aborted when a session begins.
   */
  getSignal: () => AbortSignal
  /**
   * Says that the API refused this token by other means than a 401: it closed a socket, or sent a GraphQL error. If it is
   * the current token, it is refreshed where it can be, else the session ends as `'rejected'`, without a logout request. Does
   * nothing for any other token.
   */
  rejectToken: (token: string) => void
  /** Calls the listener after each change of the state. Returns a function that stops that. */
  subscribe: (listener: () => void) => () => void
  /**
   * Logs in. If somebody is signed in, their session is replaced and its token revoked.
   *
   * @param credentials - What the login endpoint is given; or a function, which is a login of the app's own.
   * @throws RequestError if the API refuses or cannot be reached. If it answers without a token (it asks for a second
   * factor), the error's `data` is its answer.
   * @throws SessionEndedError if a later login or logout, in this tab or another, came first. The token of this login is
   * then revoked.
   */
  login: (credentials: TCredentials | LoginFunction<TUser>) => Promise<AuthSession<TUser>>
  /** Registers and logs in, as `login` does. */
  register: (details: TDetails) => Promise<AuthSession<TUser>>
  /**
   * Logs out: here and in the other tabs at once, on the server as soon as it answers. Never rejects. Settles within
   * `timeout` milliseconds.
   *
   * @throws TypeError, before anything ends, if it shall end all sessions of the user and there is no
   * `endpoints.logoutEverywhere`.
   */
  logout: (options?: LogoutOptions | void) => Promise<LogoutResult<TUser>>
  /**
   * Begins a session that the app got elsewhere, in a single sign-on callback for example.
   *
   * @throws TypeError if the token cannot be sent as a bearer token.
   */
  setSession: (session: NewSession<TUser> & { user: TUser }) => void
  /**
   * Goes on with the same session under another token: the password was changed, the API has rotated the token. Caches,
   * components and requests under way stay; later attempts carry the new token. The old one is not revoked. With a `user`
   * who is somebody else (`isSameUser`), or before the session's own user is known, the session is replaced.
   *
   * Does not know whose a token without a `user` is: call it with what a request of `useSession()` has brought.
   *
   * @throws TypeError if the token cannot be sent as a bearer token.
   * @throws SignedOutError if nobody is signed in; SessionEndedError if another session has just begun. The new token is
   * then revoked.
   */
  renewSession: (renewed: NewSession<TUser>) => void
  /**
   * Starts to listen to other tabs and the page, and checks a stored token. `<AuthProvider>` calls it. Returns `unmount`.
   *
   * @param afterCommit - Calls what it is given once a change has reached the screen: only then do mounted queries fetch
   * for a session that has begun. Default: at once.
   */
  mount: (afterCommit?: (act: () => void) => void) => () => void
  /** Undoes one `mount`. The last one removes all listeners. */
  unmount: () => void
  /** Options of the user query, for `useSuspenseQuery`, `ensureQueryData` and router loaders. */
  readonly userOptions: UserOptions<TUser>
}
