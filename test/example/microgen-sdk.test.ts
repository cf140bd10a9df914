// @vitest-environment node
import { createRequire } from 'node:module'
import type * as Microgen from 'microgen-v3-sdk'
import { QueryClient } from '@tanstack/react-query'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAuthClient, isSessionEndedError, memoryStorage } from 'signoff'
import type { User } from '../../example/api/User.ts'
import { startExampleApi, type ExampleServer } from '../support/exampleServer.ts'

// Its ES modules do not load in Node, for want of `"type": "module"` in the package: this is the other build.
const { MicrogenClient }: typeof Microgen = createRequire(import.meta.url)('microgen-v3-sdk')

let server: ExampleServer
let microgen: Microgen.MicrogenClient
let email: string
let registrations = 0

const password = 'a password of hers'

beforeAll(async () => {
  server = await startExampleApi()
})

afterAll(() => server.close())

beforeEach(() => {
  microgen = new MicrogenClient({ apiKey: 'api', queryUrl: `${server.url}/` })
  registrations += 1
  email = `grace-${registrations}@example.com`
})

const grace = () => ({ firstName: 'Grace', lastName: 'Hopper', email, password })

const graceAsSent = () => ({
  id: expect.any(String),
  firstName: 'Grace',
  lastName: 'Hopper',
  email,
  createdAt: expect.any(String),
})

/** Asks the API itself, past the SDK, which status a token gets. */
async function statusOf(token: string | null | undefined): Promise<number> {
  const response = await fetch(`${server.url}/api/auth/user`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  return response.status
}

describe('microgen-v3-sdk, unchanged, on the example API', () => {
  it('registers a user and keeps the live token that it gets', async () => {
    const result = await microgen.auth.register<User>(grace())

    expect(result).toEqual({ user: graceAsSent(), token: expect.any(String), status: 200, statusText: 'OK' })
    expect(microgen.auth.token()).toBe(result.token)
    expect(await statusOf(result.token)).toBe(200)
  })

  it('reports a second registration of an e-mail address as error with status 409', async () => {
    await microgen.auth.register<User>(grace())
    const result = await microgen.auth.register<User>(grace())

    expect(result).toEqual({
      error: { message: JSON.stringify({ message: 'This e-mail address already has an account.' }) },
      status: 409,
      statusText: 'Conflict',
    })
  })

  it('logs a registered user in with a token of its own', async () => {
    const registered = await microgen.auth.register<User>(grace())
    const result = await microgen.auth.login<User>({ email, password })

    expect(result).toEqual({
      user: registered.user,
      token: expect.any(String),
      status: 200,
      statusText: 'OK',
    })
    expect(result.token).not.toBe(registered.token)
    expect(microgen.auth.token()).toBe(result.token)
    expect(await statusOf(result.token)).toBe(200)
  })

  it('reports a wrong password as error with status 401 and no token', async () => {
    await microgen.auth.register<User>(grace())
    const stranger = new MicrogenClient({ apiKey: 'api', queryUrl: `${server.url}/` })
    const result = await stranger.auth.login<User>({ email, password: 'another password' })

    expect(result).toEqual({
      error: { message: JSON.stringify({ message: 'Invalid email or password' }) },
      status: 401,
      statusText: 'Unauthorized',
    })
    expect(stranger.auth.token()).toBeNull()
  })

  it('gets the user with the token it keeps', async () => {
    const { user } = await microgen.auth.register<User>(grace())

    expect(await microgen.auth.user<User>()).toEqual({ user, status: 200, statusText: 'OK' })
  })

  it('gets the user with a token it is given', async () => {
    const { user, token } = await microgen.auth.register<User>(grace())
    const other = new MicrogenClient({ apiKey: 'api', queryUrl: `${server.url}/` })

    expect(await other.auth.user<User>(undefined, token ?? '')).toEqual({
      user,
      status: 200,
      statusText: 'OK',
    })
  })

  it('logs out with the user and the token that is then refused with 401', async () => {
    const { user, token } = await microgen.auth.register<User>(grace())
    const result = await microgen.auth.logout<User>()

    expect(result).toEqual({ user, token, status: 200, statusText: 'OK' })
    expect(microgen.auth.token()).toBeNull()
    expect(await statusOf(token)).toBe(401)
  })

  it('reports the logout of a dead token as error with status 401', async () => {
    const { token } = await microgen.auth.register<User>(grace())
    await microgen.auth.logout<User>()

    expect(await microgen.auth.logout<User>(token ?? '')).toMatchObject({
      error: { message: expect.stringContaining('message') },
      status: 401,
      statusText: 'Unauthorized',
    })
  })
})

describe('microgen-v3-sdk and signoff on one API', () => {
  const makeClient = () =>
    createAuthClient<User>({
      baseUrl: `${server.url}/api`,
      queryClient: new QueryClient(),
      storage: memoryStorage(),
    })

  it('give the same answers to register, login, user and logout', async () => {
    const client = makeClient()
    const registered = await microgen.auth.register<User>(grace())
    const session = await client.login({ email, password })
    expect(session.user).toEqual(registered.user)

    const theirs = await microgen.auth.logout()
    const { error, revoked, ...ours } = await client.logout()

    expect(ours).toEqual({ ...theirs, token: session.token })
    expect({ error, revoked }).toEqual({ error: null, revoked: true })
  })

  it('share a session: a token that the SDK revoked is dead for signoff', async () => {
    const { user, token } = await microgen.auth.register<User>(grace())
    const client = makeClient()
    client.setSession({ user: user as User, token: token as string })
    await expect(client.api.get('notes').json()).resolves.toEqual([])

    await microgen.auth.logout()

    await expect(client.api.get('notes').json()).rejects.toSatisfy(isSessionEndedError)
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected', token: null })
  })

  it('share a session: a token that signoff revoked is dead for the SDK', async () => {
    const { user, token } = await microgen.auth.register<User>(grace())
    const client = makeClient()
    client.setSession({ user: user as User, token: token as string })

    expect(await client.logout()).toMatchObject({ user, token, status: 200, revoked: true })

    expect(await microgen.auth.user()).toMatchObject({ status: 401 })
    expect(await statusOf(token)).toBe(401)
  })
})
