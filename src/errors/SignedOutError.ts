import { AuthError } from './AuthError.ts'

/** A private request was made while nobody was signed in. It never reached the network. */
export class SignedOutError extends AuthError {
  override readonly name = 'SignedOutError' as const

  constructor() {
    super('Nobody is signed in')
  }
}

/** Tells whether a value is a {@link SignedOutError}. */
export const isSignedOutError = (value: unknown): value is SignedOutError => value instanceof SignedOutError
