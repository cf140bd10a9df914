import { SessionEndedError } from './SessionEndedError.ts'

/**
 * The API has refused a token. Tells that from the end of another session, which may come out of the app's own `fetch` or
 * of a signal.
 */
export class TokenRejectedError extends SessionEndedError {
  constructor() {
    super('rejected')
  }
}
