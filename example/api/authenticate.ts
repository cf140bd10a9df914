import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { MiddlewareHandler } from 'hono'
import type { Auth } from './createAuth.ts'
import { toUser, type User } from './User.ts'

export interface AuthenticatedVariables {
  Variables: { user: User; token: string }
}

// The grammar of RFC 6750, section 2.1, without the dot: better-auth reads one as the start of a signature.
const bearerToken = /^bearer +([\w~+/-]{1,256}=*) *$/i

/** Lets a request through only with the token of a live session. No cookie counts. */
export function authenticate(auth: Auth): MiddlewareHandler<AuthenticatedVariables> {
  return createMiddleware<AuthenticatedVariables>(async (context, next) => {
    const token = bearerToken.exec(context.req.header('Authorization') ?? '')?.[1]
    const session = token === undefined ? null : await auth.api.getSession({ headers: bearerHeaders(token) })
    if (session === null) throw new HTTPException(401, { message: 'The session has ended. Log in again.' })
    context.set('user', toUser(session.user))
    context.set('token', session.session.token)
    await next()
  })
}

/** Ends the session of a live token in the database. */
export async function revokeToken(auth: Auth, token: string): Promise<void> {
  // signOut would do, but it reports success even when the database could not delete the session.
  await auth.api.revokeSession({ headers: bearerHeaders(token), body: { token } })
}

/** All that better-auth learns of a request: above all, not its cookies. */
export function bearerHeaders(token: string): Headers {
  return new Headers({ Authorization: `Bearer ${token}` })
}
