import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { MiddlewareHandler } from 'hono'
import type { Auth } from './createAuth.ts'
import type { Tokens } from './createTokens.ts'
import { toUser, type User } from './User.ts'

export interface AuthenticatedVariables {
  Variables: {
    user: User
    token: string
    /** better-auth's own token, which never leaves the server. */
    sessionToken: string
  }
}

/** What a request is told whose token is dead. */
export const sessionEnded = 'The session has ended. Log in again.'

// The grammar of RFC 6750, section 2.1.
const bearerToken = /^bearer +([\w.~+/-]{1,256}=*) *$/i

/** Lets a request through only with a live token of a live session. No cookie counts. */
export function authenticate(auth: Auth, tokens: Tokens): MiddlewareHandler<AuthenticatedVariables> {
  return createMiddleware<AuthenticatedVariables>(async (context, next) => {
    const token = bearerToken.exec(context.req.header('Authorization') ?? '')?.[1]
    const sessionToken = token === undefined ? null : await tokens.findSession(token)
    const session = sessionToken && (await auth.api.getSession({ headers: bearerHeaders(sessionToken) }))
    if (!token || !session) throw new HTTPException(401, { message: sessionEnded })
    context.set('user', toUser(session.user))
    context.set('token', token)
    context.set('sessionToken', session.session.token)
    await next()
  })
}

/** Ends a session in the database, and with it all of its tokens. */
export async function revokeSession(auth: Auth, sessionToken: string): Promise<void> {
  // signOut would do, but it reports success even when the database could not delete the session.
  await auth.api.revokeSession({ headers: bearerHeaders(sessionToken), body: { token: sessionToken } })
}

/** All that better-auth learns of a request: above all, not its cookies. */
export function bearerHeaders(sessionToken: string): Headers {
  return new Headers({ Authorization: `Bearer ${sessionToken}` })
}
