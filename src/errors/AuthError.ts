import { isCausedBy } from './isCausedBy.ts'

/**
 * The base class of every error that signoff throws or puts into a result.
 *
 * Neither its message nor its fields nor its `cause` hold a password, or a token that signoff knows.
 */
export class AuthError extends Error {
  override name: string = 'AuthError'
}

/**
 * Tells whether a value is an error of signoff's: a {@link AuthError} or one of its subclasses, or an error that has one as
 * its `cause`, as HTTP clients wrap what their `fetch` throws. Its fields then stand on that `cause`.
 */
export const isAuthError = (value: unknown): value is AuthError => isCausedBy(value, AuthError)
