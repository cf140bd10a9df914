import type { StandardSchemaV1 } from 'ky'
import { RequestError } from '../errors/RequestError.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { safely } from '../errors/safely.ts'
import type { Answer } from './createEndpointCaller.ts'
import { isToken } from '../browser/createTokenStore.ts'
import { settleWithin } from './settleWithin.ts'

/** How to read the answers of an API of another shape. */
export interface ParserOptions<TUser> {
  /** A Standard Schema (zod, valibot, arktype …). Validates every user that the API sends; `User` is inferred from it. */
  userSchema?: StandardSchemaV1<unknown, TUser>
  /**
   * Finds token and user in the body of a login. If it returns no user, the user endpoint is asked. Its parameter may have
   * the type of what the API sends, which only the function itself can check. If it throws, the answer is invalid.
   * Default: the body itself.
   */
  parseSession?(this: void, body: unknown): { token: unknown; user?: unknown }
  /**
   * Finds the user in the body of the user endpoint. `null` means that the token was rejected (some APIs answer
   * `200 null`). Its parameter may have the type of what the API sends. Default: the body itself.
   */
  parseUser?(this: void, body: unknown): unknown
}

export interface Parser<TUser> {
  /** The token; and, if the body holds a user, the function that reads it. */
  readSession: (answer: Answer) => { token: string; readUser?: () => Promise<TUser> }
  /** @throws SessionEndedError with reason `'rejected'` if `parseUser` returns `null`. */
  readUser: (answer: Answer) => Promise<TUser>
}

const unreadable = (what: string, { status, statusText }: Answer): RequestError =>
  new RequestError(`The answer has no valid ${what}`, {
    code: 'invalid-response',
    status,
    statusText,
  })

const itself = (body: unknown): unknown => body

/** An error of a parser may quote the body, and so the token. */
const ignore = (): void => {}

/**
 * Reads users and sessions from the bodies of responses. Throws a `RequestError` if a body cannot be read.
 *
 * @param timeout - Milliseconds for the schema.
 */
export const createParser = <TUser>(options: ParserOptions<TUser>, timeout: number): Parser<TUser> => {
  const { userSchema, parseSession = itself, parseUser = itself } = options

  const validate = async (user: unknown, answer: Answer): Promise<TUser> => {
    // An error of a schema may quote the user.
    const validated = Promise.resolve(user)
      .then((value) => userSchema?.['~standard'].validate(value))
      .catch(() => ({ issues: [] }))
    const result = await settleWithin(timeout, validated)
    if (result?.issues || typeof user !== 'object' || Array.isArray(user)) throw unreadable('user', answer)
    return result ? result.value : (user as TUser)
  }

  return {
    readSession: (answer) => {
      const { token, user } = Object(safely(() => parseSession(answer.body), ignore)) as Record<
        string,
        unknown
      >
      if (!isToken(token)) throw unreadable('token', answer)
      return user ? { token, readUser: () => validate(user, answer) } : { token }
    },
    readUser: async (answer) => {
      const user = safely(() => parseUser(answer.body), ignore)
      if (user === null) throw new SessionEndedError('rejected')
      return validate(user, answer)
    },
  }
}
