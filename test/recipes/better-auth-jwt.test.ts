import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { QueryClient } from '@tanstack/react-query'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { bearer, jwt } from 'better-auth/plugins'
import { Hono } from 'hono'
import { jwtDecode } from 'jwt-decode'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { createAuthClient } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { installLocks } from '../refresh/installLocks.ts'
import { ended, failure } from '../support/requests.ts'
import { listen, type LoopbackServer } from './listen.ts'

const credentials = { email: 'ada@example.com', password: 'a password of hers' }
const server = createServer()
let loopback: LoopbackServer
/** JSON Web Tokens whose time has passed. */
const expired = new Set<string>()
const routes: string[] = []

/** better-auth, whose JWT plugin hands out tokens for minutes to whoever has a session, and an API that takes these alone. */
const startBetterAuth = async (): Promise<void> => {
  loopback = await listen(server)
  const auth = betterAuth({
    baseURL: loopback.origin,
    secret: 'A secret of 32 characters or more',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], jwks: [] }),
    emailAndPassword: { enabled: true },
    plugins: [bearer(), jwt()],
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    advanced: { ipAddress: { disableIpTracking: true } },
  })
  const app = new Hono()
    .use(async ({ req }, next) => {
      routes.push(`${req.method} ${req.path}`)
      await next()
    })
    .on(['GET', 'POST'], '/api/auth/*', ({ req }) => auth.handler(req.raw))
    .get('/api/notes', async (context) => {
      const token = context.req.header('Authorization')?.replace('Bearer ', '') ?? ''
      const { payload } = expired.has(token)
        ? { payload: null }
        : await auth.api.verifyJWT({ body: { token } }).catch(() => ({ payload: null }))
      if (!payload) return context.json({ message: 'Unauthorized' }, 401)
      return context.json([`private note of ${String(payload['email'])}`])
    })
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  server.on('request', (request, response) => void answer(request, response))
  await auth.api.signUpEmail({ body: { name: 'Ada', ...credentials } })
}

beforeAll(startBetterAuth)
afterAll(() => loopback.close())
beforeEach(() => {
  installLocks()
  routes.length = 0
})

const asSession = ({ refreshToken }: { refreshToken?: string | undefined }) => ({
  Authorization: `Bearer ${refreshToken}`,
})

/** The token of the session stands in the place of a refresh token. It stays the same. */
const openTab = () => {
  const client = createAuthClient<{ id: string; email: string }>({
    baseUrl: `${loopback.origin}/api`,
    queryClient: new QueryClient(),
    endpoints: {
      user: (token) => {
        const { id, email } = jwtDecode<{ id: string; email: string }>(token)
        return { id, email }
      },
      logout: { path: 'auth/sign-out', headers: asSession, body: {} },
    },
    authorize: (headers, token) => {
      if (!headers.has('Authorization')) headers.set('Authorization', `Bearer ${token}`)
    },
    refresh: tokenRefresh({
      endpoint: { path: 'auth/token', method: 'GET', headers: asSession, body: () => undefined },
    }),
    credentials: 'omit',
  })
  onTestFinished(client.mount())
  const ask = async (path: string, init?: RequestInit) =>
    (await fetch(`${loopback.origin}/api/${path}`, init)).json() as Promise<{ token: string }>
  const logIn = () =>
    client.login(async () => {
      const headers = { 'Content-Type': 'application/json' }
      const body = JSON.stringify(credentials)
      const { token: refreshToken } = await ask('auth/sign-in/email', { method: 'POST', headers, body })
      const { token } = await ask('auth/token', { headers: asSession({ refreshToken }) })
      return { token, refreshToken }
    })
  return { client, logIn, notes: () => client.api.get('notes').json() }
}

const notes = ['private note of ada@example.com']
const readSession = (): string =>
  (JSON.parse(localStorage.getItem('token') ?? '{}') as { refreshToken: string }).refreshToken

/** Whether the session makes new tokens, asked past signoff. */
const isAlive = async (refreshToken: string): Promise<boolean> =>
  (await fetch(`${loopback.origin}/api/auth/token`, { headers: asSession({ refreshToken }) })).ok

/** Once a later token is another one: it tells the second in which it was made. */
const expire = async (token: string): Promise<void> => {
  const { iat = 0 } = jwtDecode(token)
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan((iat + 1) * 1000))
  expired.add(token)
}

const countRefreshes = () => routes.filter((route) => route === 'GET /api/auth/token').length

it('goes on with a new token of the same session once the old one has expired', async () => {
  const { client, logIn, notes: ask } = openTab()
  const { token, user } = await logIn()
  expect(user).toMatchObject({ email: credentials.email })
  const { signal } = client.getSession()
  expect(await ask()).toEqual(notes)
  await expire(token)
  expect(await ask()).toEqual(notes)
  expect(client.getState().token).not.toBe(token)
  expect(signal.aborted).toBe(false)
})

it('is asked once where two tabs find their token expired, and a logout ends the session in both', async () => {
  const one = openTab()
  const { token } = await one.logIn()
  const session = readSession()
  const two = openTab()
  await vi.waitFor(() => expect(two.client.getState().status).toBe('signed-in'))
  const before = countRefreshes()
  await expire(token)
  expect(await Promise.all([one.notes(), two.notes()])).toEqual([notes, notes])
  expect(countRefreshes()).toBe(before + 1)
  expect(two.client.getState()).toEqual(one.client.getState())
  expect(readSession()).toBe(session)

  expect(await two.client.logout()).toMatchObject({ revoked: true, error: null })
  await vi.waitFor(() => expect(one.client.getState()).toMatchObject({ reason: 'elsewhere' }))
  expect(await isAlive(session)).toBe(false)
  expect(localStorage).toHaveLength(0)
})

it('ends once the session was ended on another device and the token has expired', async () => {
  const { client, logIn, notes: ask } = openTab()
  const { token } = await logIn()
  const headers = { 'Content-Type': 'application/json', ...asSession({ refreshToken: readSession() }) }
  await fetch(`${loopback.origin}/api/auth/sign-out`, { method: 'POST', headers, body: '{}' })
  expect(await ask()).toEqual(notes)
  await expire(token)
  expect(await failure(ask())).toEqual(ended('rejected'))
  expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
  expect(localStorage).toHaveLength(0)
})
