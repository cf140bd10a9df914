import { isAPIError } from 'better-auth/api'
import { HTTPException } from 'hono/http-exception'
import type { Auth } from './createAuth.ts'
import type { TokenPair, Tokens } from './createTokens.ts'
import { toUser, type User } from './User.ts'

export interface RegistrationDetails {
  firstName: string
  lastName?: string | undefined
  email: string
  password: string
}

export interface RegisteredUser extends TokenPair {
  user: User
}

/** Makes an account and its first session. Throws 409 when the e-mail address has an account. */
export async function registerUser(
  auth: Auth,
  tokens: Tokens,
  { firstName, lastName = '', email, password }: RegistrationDetails,
): Promise<RegisteredUser> {
  try {
    const { user, token } = await auth.api.signUpEmail({
      body: { name: firstName, lastName, email, password },
    })
    if (token === null) throw new Error('Registration made no session.')
    return { user: toUser({ ...user, lastName }), ...(await tokens.issue(token)) }
  } catch (error) {
    if (await isTaken(auth, email, error)) {
      throw new HTTPException(409, { message: 'This e-mail address already has an account.' })
    }
    throw error
  }
}

async function isTaken(auth: Auth, email: string, error: unknown): Promise<boolean> {
  if (!isAPIError(error)) return false
  if (error.body?.code === 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL') return true
  if (error.body?.code !== 'FAILED_TO_CREATE_USER') return false
  // Of two registrations at the same moment, the later one fails at the database without a reason.
  const { internalAdapter } = await auth.$context
  return (await internalAdapter.findUserByEmail(email.toLowerCase())) !== null
}
