import { isAuthError } from '../errors/AuthError.ts'
import { RequestError } from '../errors/RequestError.ts'
import type { Answer } from './Answer.ts'
import type { ReadToken } from './Endpoint.ts'
import { settleWithin } from './settleWithin.ts'

/**
 * Asks the app's own function who a token belongs to, in the place of the API.
 *
 * @param timeout - Milliseconds.
 * @throws RequestError with code `'invalid-response'` if it throws, `'timeout'` if it does not settle.
 */
export const readToken = async (read: ReadToken, token: string, timeout: number): Promise<Answer> => {
  const answer = { status: 200, statusText: '', headers: new Headers() }
  try {
    return { ...answer, body: await settleWithin(timeout, (async () => read(token))()) }
  } catch (error) {
    if (isAuthError(error)) throw error
    // An error of the app's may quote the token.
    throw new RequestError(`endpoints.user has failed: ${Object(error).name}`, {
      code: 'invalid-response',
      status: 0,
      statusText: '',
    })
  }
}
