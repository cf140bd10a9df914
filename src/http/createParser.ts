import type { StandardSchemaV1 } from 'ky'
import { RequestError } from '../errors/RequestError.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { safely } from '../errors/safely.ts'
import type { Answer } from './Answer.ts'
import { isToken } from '../browser/createTokenStore.ts'
import { stampTokens } from './stampTokens.ts'
import type { Tokens } from '../browser/Tokens.ts'
import { settleWithin } from './settleWithin.ts'
import { withoutSecrets } from './withoutSecrets.ts'

/** How to read the answers of an API of another shape. */
export interface ParserOptions<TUser> {
  /** A Standard Schema (zod, valibot, arktype …). Validates every user that the API sends; `User` is inferred from it. */
  userSchema?: StandardSchemaV1<unknown, TUser>
  /**
   * Finds token and user in the answer of a login: in its parsed body, its status or its headers (devise-jwt hands the
   * token out in one). If it returns no user, the user endpoint is asked. `expiresIn` is in seconds. Its first parameter may
   * have the type of what the API sends, which only the function itself can check. If it throws, or returns a promise, the
   * answer is invalid.
   * Default: the body itself, or the fields of RFC 6749, section 5.1 (`access_token`, `refresh_token`, `expires_in`).
   */
  parseSession?(this: void, body: unknown, answer: { status: number; headers: Headers }): ParsedSession
  /**
   * Finds the user in the body of the user endpoint. `null` means that the token was rejected (some APIs answer
   * `200 null`). It is not asynchronous. Its parameter may have the type of what the API sends. Default: the body itself.
   */
  parseUser?(this: void, body: unknown): unknown
}

/** What `parseSession` finds. */
export interface ParsedSession {
  token: unknown
  user?: unknown
  refreshToken?: unknown
  /** Seconds for which the token lives. */
  expiresIn?: unknown
}

export interface Parser<TUser> {
  /**
   * The tokens; and, if the answer holds a user, the function that reads it.
   *
   * @param sent - What the error must not repeat, if there is no token in the answer. Its `data` is then the body. Default: it
   * has no `data`.
   * @param parse - Default: the app's `parseSession`.
   */
  readSession: (
    answer: Answer,
    sent?: unknown,
    parse?: ParserOptions<unknown>['parseSession'],
  ) => { tokens: Tokens; readUser?: () => Promise<TUser> }
  /** @throws SessionEndedError with reason `'rejected'` if `parseUser` returns `null`. */
  readUser: (answer: Answer) => Promise<TUser>
}

const unreadable = (what: string, { status, statusText }: Answer, data?: unknown): RequestError =>
  new RequestError(`The answer has no valid ${what}`, {
    code: 'invalid-response',
    status,
    statusText,
    data,
  })

const itself = (body: unknown): unknown => body

const readFields = (body: unknown): ParsedSession => {
  const fields = Object(body) as Record<string, unknown>
  const {
    token = fields['access_token'],
    refreshToken = fields['refresh_token'],
    expiresIn = fields['expires_in'],
    user,
  } = fields
  return { token, refreshToken, expiresIn, user }
}

/** An error of a parser may quote the body, and so the token. */
const ignore = (): void => {}

/**
 * Reads users and sessions from the bodies of responses. Throws a `RequestError` if a body cannot be read.
 *
 * @param timeout - Milliseconds for the schema.
 */
export const createParser = <TUser>(options: ParserOptions<TUser>, timeout: number): Parser<TUser> => {
  const { userSchema, parseSession = readFields, parseUser = itself } = options

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
    readSession: (answer, sent, parse = parseSession) => {
      const found: unknown = safely(() => parse(answer.body, answer), ignore)
      const { token, user, refreshToken, expiresIn } = Object(found) as ParsedSession
      // Some APIs ask for a second factor in the place of a token.
      const isAsked = sent !== undefined && (token === undefined || token === null)
      if (!isToken(token))
        throw unreadable('token', answer, isAsked ? withoutSecrets(answer.body, sent) : undefined)
      const tokens = stampTokens({ token, refreshToken, expiresIn })
      return user ? { tokens, readUser: () => validate(user, answer) } : { tokens }
    },
    readUser: async (answer) => {
      const user = safely(() => parseUser(answer.body), ignore)
      if (user === null) throw new SessionEndedError('rejected')
      return validate(user, answer)
    },
  }
}
