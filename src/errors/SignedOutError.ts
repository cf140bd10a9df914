import { AuthError } from './AuthError.ts'
import { isCausedBy } from './isCausedBy.ts'

/** A private request was made while nobody was signed in. It never reached the network. */
export class SignedOutError extends AuthError {
  override readonly name = 'SignedOutError' as const

  constructor() {
    super('Nobody is signed in')
  }
}

/**
 * Tells whether a value is a {@link SignedOutError}, or an error that has one as its `cause`, as HTTP clients wrap what their
 * `fetch` throws. Its fields then stand on that `cause`.
 */
export const isSignedOutError = (value: unknown): value is SignedOutError => isCausedBy(value, SignedOutError)
