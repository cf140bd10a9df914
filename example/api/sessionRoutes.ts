import { Hono } from 'hono'
import type { Auth } from './createAuth.ts'
import { methodNotAllowed } from './methodNotAllowed.ts'

/** How many sessions are alive, whosever they are: what anyone may see, also after a logout. */
export function sessionRoutes(auth: Auth): Hono {
  const routes = new Hono()

  routes.get('/count', async (context) => {
    const { adapter } = await auth.$context
    const live = await adapter.count({
      model: 'session',
      where: [{ field: 'expiresAt', operator: 'gt', value: new Date() }],
    })
    return context.json({ live })
  })
  routes.all('/count', methodNotAllowed('GET'))

  return routes
}
