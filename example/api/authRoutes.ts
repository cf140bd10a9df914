import { Hono } from 'hono'
import { z } from 'zod'
import { authenticate, bearerHeaders, revokeToken, type AuthenticatedVariables } from './authenticate.ts'
import type { Auth } from './createAuth.ts'
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

export interface SessionSummary {
  id: string
  createdAt: string
  expiresAt: string
  current: boolean
}

export function authRoutes(auth: Auth, limit: RateLimit): Hono<AuthenticatedVariables> {
  const routes = new Hono<AuthenticatedVariables>()

  routes.post('/register', rateLimit(limit), async (context) =>
    context.json(await registerUser(auth, await readBody(context, registration))),
  )
  routes.all('/register', methodNotAllowed('POST'))

  routes.post('/login', rateLimit(limit), async (context) => {
    const { user, token } = await auth.api.signInEmail({ body: await readBody(context, credentials) })
    return context.json({ user: toUser(user), token })
  })
  routes.all('/login', methodNotAllowed('POST'))

  routes.get('/user', authenticate(auth), (context) => context.json(context.var.user))
  routes.all('/user', methodNotAllowed('GET'))

  routes.post('/logout', authenticate(auth), async (context) => {
    const { user, token } = context.var
    await revokeToken(auth, token)
    return context.json({ user, token })
  })
  routes.all('/logout', methodNotAllowed('POST'))

  routes.get('/sessions', authenticate(auth), async (context) => {
    const { token } = context.var
    const sessions = await auth.api.listSessions({ headers: bearerHeaders(token) })
    return context.json<SessionSummary[]>(
      sessions.map((session) => ({
        id: session.id,
        createdAt: session.createdAt.toISOString(),
        expiresAt: session.expiresAt.toISOString(),
        current: session.token === token,
      })),
    )
  })
  routes.all('/sessions', methodNotAllowed('GET'))

  return routes
}
