import type { SessionEndReason } from '../core/AuthState.ts'
import { AuthError } from './AuthError.ts'

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

/** Tells whether a value is a {@link SessionEndedError}. */
export const isSessionEndedError = (value: unknown): value is SessionEndedError =>
  value instanceof SessionEndedError
