import type { StandardSchemaV1 } from 'ky'
import { RequestError } from '../errors/RequestError.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { safely } from '../errors/safely.ts'
import type { Answer } from './createEndpointCaller.ts'
import { isToken } from '../browser/createTokenStore.ts'

/** What an API of another shape needs to be understood. */
export interface ParserOptions<TUser> {
  /** A Standard Schema (zod, valibot, arktype …): validates every user that the API sends, and infers `User`. */
  userSchema?: StandardSchemaV1<unknown, TUser>
  /**
   * Finds token and user in the body of a login; without a user, the user endpoint is asked for it. Its parameter may be
   * declared as what the API sends: nothing checks that but the function itself, and what it throws makes the answer an
   * invalid one. Default: the body itself.
   */
  parseSession?(this: void, body: unknown): { token: unknown; user?: unknown }
  /**
   * Finds the user in the body of the user endpoint; `null` means that the token was rejected (for APIs that answer
   * `200 null`). Its parameter may be declared as what the API sends. Default: the body itself.
   */
  parseUser?(this: void, body: unknown): unknown
}

export interface Parser<TUser> {
  /** The token, and what reads the user where the body holds one. */
  readSession: (answer: Answer) => { token: string; readUser?: () => Promise<TUser> }
  /** @throws SessionEndedError with reason `'rejected'` where `parseUser` returns `null`. */
  readUser: (answer: Answer) => Promise<TUser>
}

const unreadable = (what: string, { status, statusText }: Answer): RequestError =>
  new RequestError(`The answer has no valid ${what}`, {
    code: 'invalid-response',
    status,
    statusText,
  })

const itself = (body: unknown): unknown => body

/** What a parser throws may quote the body, and so the token. */
const ignore = (): void => {}

/** Reads users and sessions from the bodies of responses; what cannot be read is a `RequestError`. */
export const createParser = <TUser>(options: ParserOptions<TUser>): Parser<TUser> => {
  const { userSchema, parseSession = itself, parseUser = itself } = options

  const validate = async (user: unknown, answer: Answer): Promise<TUser> => {
    // What a schema throws may quote the user.
    const result = await Promise.resolve(user)
      .then((value) => userSchema?.['~standard'].validate(value))
      .catch(() => ({ issues: [] }))
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
