import type { Register, RegisteredUser } from '../Register.ts'
import type { RouteParams } from './matchRoute.ts'

/** A user who is given to a test: typed by the registered client, else the type that it has. */
export type GivenUser<TUser> = Register extends { client: unknown } ? NoInfer<TUser> : TUser

/** A request as the test API has received it. Does not hold its token: `user` tells whose it is. */
export interface TestRequest<TUser = RegisteredUser, TRoute extends string = string> {
  /** In upper case: `'GET'`. */
  readonly method: string
  /** Relative to `baseUrl` and without the query: `'notes/1'`. The whole address for what lies elsewhere. */
  readonly path: string
  /** What the route's `:names` stand for. */
  readonly params: RouteParams<TRoute>
  /** The query of the address. */
  readonly searchParams: URLSearchParams
  /** All but `Authorization`. */
  readonly headers: Headers
  /** Parsed where it is JSON, else its text; `undefined` where there is none. */
  readonly body: unknown
  /** Whose token it carried, `null` where it carried none, or one that was dead. */
  readonly user: TUser | null
}

/**
 * Answers a request: with a `Response`, with any other value as JSON, with `undefined` as 204. What it throws, `fetch`
 * rejects with.
 */
export type TestHandler<TUser = RegisteredUser, TRoute extends string = string> = (
  request: TestRequest<TUser, TRoute>,
) => unknown
