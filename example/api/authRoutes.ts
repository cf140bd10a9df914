import { Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { bearerHeaders, revokeSession, sessionEnded, type AuthenticatedVariables } from './authenticate.ts'
import type { Auth } from './createAuth.ts'
import type { Tokens } from './createTokens.ts'
import { methodNotAllowed } from './methodNotAllowed.ts'
import { rateLimit, type RateLimit } from './rateLimit.ts'
import { readBody } from './readBody.ts'
import { registerUser } from './registerUser.ts'
import { textField } from './textField.ts'
import { toUser } from './User.ts'

const registration = z.object({
  firstName: textField('First name', 100).min(1, 'First name is missing.'),
  lastName: textField('Last name', 100).optional(),
  email: z.email('This is not an e-mail address.').max(254, 'The e-mail address is too long.'),
  password: z
    .string('Password is missing.')
    .min(8, 'The password needs 8 characters or more.')
    .max(128, 'The password is too long: 128 characters at most.'),
})

const credentials = z.object({
  email: z.email('This is not an e-mail address.'),
  password: z.string('Password is missing.').min(1, 'Password is missing.'),
})

const refresh = z.object({
  refreshToken: z.string('Refresh token is missing.').max(256, 'The refresh token is too long.'),
})

export interface SessionSummary {
  id: string
  createdAt: string
  expiresAt: string
  current: boolean
}

interface AuthRoutesOptions {
  auth: Auth
  tokens: Tokens
  /** Lets a request through only with a live token. */
  guard: MiddlewareHandler<AuthenticatedVariables>
  limit: RateLimit
}

export function authRoutes({ auth, tokens, guard, limit }: AuthRoutesOptions): Hono<AuthenticatedVariables> {
  const routes = new Hono<AuthenticatedVariables>()

  routes.post('/register', rateLimit(limit), async (context) =>
    context.json(await registerUser(auth, tokens, await readBody(context, registration))),
  )
  routes.all('/register', methodNotAllowed('POST'))

  routes.post('/login', rateLimit(limit), async (context) => {
    const { user, token } = await auth.api.signInEmail({ body: await readBody(context, credentials) })
    return context.json({ user: toUser(user), ...(await tokens.issue(token)) })
  })
  routes.all('/login', methodNotAllowed('POST'))

  routes.post('/refresh', async (context) => {
    const { refreshToken } = await readBody(context, refresh)
    const pair = await tokens.rotate(refreshToken)
    if (pair === null) throw new HTTPException(401, { message: sessionEnded })
    return context.json(pair)
  })
  routes.all('/refresh', methodNotAllowed('POST'))

  routes.get('/user', guard, (context) => context.json(context.var.user))
  routes.all('/user', methodNotAllowed('GET'))

  routes.post('/logout', guard, async (context) => {
    const { user, token, sessionToken } = context.var
    await revokeSession(auth, sessionToken)
    return context.json({ user, token })
  })
  routes.all('/logout', methodNotAllowed('POST'))

  routes.get('/sessions', guard, async (context) => {
    const { sessionToken } = context.var
    const sessions = await auth.api.listSessions({ headers: bearerHeaders(sessionToken) })
    return context.json<SessionSummary[]>(
      sessions.map((session) => ({
        id: session.id,
        createdAt: session.createdAt.toISOString(),
        expiresAt: session.expiresAt.toISOString(),
        current: session.token === sessionToken,
      })),
    )
  })
  routes.all('/sessions', methodNotAllowed('GET'))

  return routes
}
