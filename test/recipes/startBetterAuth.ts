import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { bearer } from 'better-auth/plugins'
import { Hono } from 'hono'
import { expect } from 'vitest'
import { isAnswered } from './isAnswered.ts'
import { listen } from './listen.ts'
import type { RecipeServer } from './RecipeServer.ts'

/** better-auth itself, with its own endpoints. */
export const startBetterAuth = async (): Promise<RecipeServer> => {
  const server = createServer()
  const { origin, close } = await listen(server)

  const auth = betterAuth({
    baseURL: origin,
    secret: 'A secret of 32 characters or more',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true },
    plugins: [bearer()],
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    advanced: { ipAddress: { disableIpTracking: true } },
  })
  // Mounted on Hono, every POST has a body: one that is empty, and so not JSON, is answered with 415.
  const app = new Hono().on(['GET', 'POST'], '/api/auth/*', (context) => auth.handler(context.req.raw))
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  server.on('request', (request, response) => void answer(request, response))

  const credentials = { email: 'ada@example.com', password: 'a password of hers' }
  const { user } = await auth.api.signUpEmail({ body: { name: 'Ada', ...credentials } })

  return {
    origin,
    credentials,
    user: { id: user.id, name: 'Ada', email: 'ada@example.com' },
    privatePath: 'list-accounts',
    privateAnswer: [expect.objectContaining({ providerId: 'credential', userId: user.id })],
    isAlive: (token) => isAnswered(`${origin}/api/auth/get-session`, token),
    expire: async (token) => {
      await auth.api.revokeSession({
        headers: new Headers({ Authorization: `Bearer ${token}` }),
        body: { token },
      })
      return [token, 'forged.token']
    },
    close,
  }
}
