import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { expect } from 'vitest'
import { installPackages } from '../support/installPackages.ts'
import { isAnswered } from './isAnswered.ts'
import { listen } from './listen.ts'
import { makeTokens } from './makeTokens.ts'
import type { RecipeServer } from './RecipeServer.ts'

interface JsonServer {
  create: () => RequestListener & { db?: unknown; use: (...middlewares: unknown[]) => void }
  router: (data: object) => { db: unknown }
  defaults: (options: object) => unknown
}

/** json-server-auth on json-server, as its documentation mounts it: both of `test/recipes/package.json`. */
export const startJsonServerAuth = async (): Promise<RecipeServer> => {
  installPackages(import.meta.dirname)
  const require = createRequire(import.meta.url)
  const jsonServer = require('json-server') as JsonServer
  const auth: unknown = require('json-server-auth')
  const { JWT_SECRET_KEY } = require('json-server-auth/dist/constants') as { JWT_SECRET_KEY: string }

  const app = jsonServer.create()
  const router = jsonServer.router({ users: [], notes: [] })
  app.db = router.db
  app.use(jsonServer.defaults({ logger: false }))
  app.use(auth)
  app.use(router)
  const server = createServer(app)
  const { origin, close } = await listen(server)

  // In the token, the `~` and the `?` of this address become what is not in the alphabet of `atob`.
  const credentials = { email: 'a~da?@example.com', password: 'a password of hers' }
  const post = async (path: string, body: object, token = ''): Promise<unknown> => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
    const response = await fetch(`${origin}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return response.json()
  }
  // Another user is the first, so that the path of the user is not a matter of luck.
  await post('register', { ...credentials, email: 'eve@example.com' })
  const { accessToken, user } = (await post('register', credentials)) as {
    accessToken: string
    user: { id: number }
  }
  const note = { text: 'a note of hers', userId: user.id }
  await post('600/notes', note, accessToken)

  return {
    origin,
    credentials,
    user: { id: user.id, email: credentials.email },
    privatePath: '600/notes',
    privateAnswer: [{ id: expect.any(Number), ...note }],
    isAlive: (token) => isAnswered(`${origin}/600/users/${user.id}`, token),
    expire: () => [
      makeTokens({ sub: String(user.id) }, JWT_SECRET_KEY).issue(-1),
      'no.token.atall',
      'garbage',
    ],
    close,
  }
}
