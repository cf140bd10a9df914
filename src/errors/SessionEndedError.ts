import { AuthError } from './AuthError.ts'
import { isCausedBy } from './isCausedBy.ts'

/**
 * Why nobody is signed in: `'logout'` (the user asked for it), `'rejected'` (the API refused the token),
 * `'elsewhere'` (another tab ended the session).
 */
export type SignOutReason = 'logout' | 'rejected' | 'elsewhere'

/** Why a session ended: a {@link SignOutReason}, or `'replaced'` when another login took over in this tab. */
export type SessionEndReason = SignOutReason | 'replaced'

/** The session that a request, a mutation or a login belonged to ended while it was on its way. */
export class SessionEndedError extends AuthError {
  override readonly name = 'SessionEndedError' as const
  /** What ended the session. */
  readonly reason: SessionEndReason

  constructor(reason: SessionEndReason) {
    super(`Session ended: ${reason}`)
    this.reason = reason
  }
}

/**
 * Tells whether a value is a {@link SessionEndedError}, or an error that has one as its `cause`, as HTTP clients wrap what their
 * `fetch` throws. Its fields then stand on that `cause`.
 */
export const isSessionEndedError = (value: unknown): value is SessionEndedError =>
  isCausedBy(value, SessionEndedError)
