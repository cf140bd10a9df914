import type { Register, RegisteredUser } from '../Register.ts'
import type { RouteParams } from './matchRoute.ts'

/** The type of a user that a test passes: the registered client's, else the user's own. */
export type GivenUser<TUser> = Register extends { client: unknown } ? NoInfer<TUser> : TUser

/** A request as the test API has received it. It does not hold its token: `user` says whose it is. */
export interface TestRequest<TUser = RegisteredUser, TRoute extends string = string> {
  /** In upper case: `'GET'`. */
  readonly method: string
  /** Relative to `baseUrl` and without the query: `'notes/1'`. The whole address if it is not below `baseUrl`. */
  readonly path: string
  /** The values of the route's `:names`. */
  readonly params: RouteParams<TRoute>
  /** The query of the address. */
  readonly searchParams: URLSearchParams
  /** All headers except `Authorization`. */
  readonly headers: Headers
  /** Parsed if it is JSON, else its text; `undefined` if there is none. */
  readonly body: unknown
  /** The user of the token that it carried, `null` if it carried no token or a dead one. */
  readonly user: TUser | null
}

/**
 * Answers a request with what it returns: a `Response` as it is, `undefined` as 204, any other value as JSON. If it throws,
 * `fetch` rejects with that error.
 */
export type TestHandler<TUser = RegisteredUser, TRoute extends string = string> = (
  request: TestRequest<TUser, TRoute>,
) => unknown
