// @vitest-environment node
import { createHmac } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { QueryClient } from '@tanstack/react-query'
import { createAuthClient, memoryStorage } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import type { User } from '../../example/api/User.ts'
import type { TokenPair } from '../../example/api/createTokens.ts'
import type { RegisteredUser } from '../../example/api/registerUser.ts'
import { createApi, type CreateApiOptions } from '../../example/api/createApi.ts'
import { createAuth } from '../../example/api/createAuth.ts'
import { openDatabase } from '../../example/api/openDatabase.ts'
import { readEnvironment } from '../../example/api/readEnvironment.ts'
import { readSecret } from '../../example/api/readSecret.ts'
import { demoUser } from '../../example/demoUser.ts'
import { makeTemporaryDirectory, startExampleApi, type ExampleServer } from '../support/exampleServer.ts'

let server: ExampleServer

beforeAll(async () => {
  server = await startExampleApi()
})

afterAll(() => server.close())

interface Call {
  method?: string
  token?: string
  json?: unknown
  body?: string
  headers?: Record<string, string>
  url?: string
}

interface Answer<Body> {
  status: number
  headers: Headers
  body: Body
}

/** Calls the API. Each answer must keep out of caches and set no cookie, whatever it is. */
async function call<Body = unknown>(path: string, options: Call = {}): Promise<Answer<Body>> {
  const { token, json, body = json === undefined ? null : JSON.stringify(json), url = server.url } = options
  const response = await fetch(`${url}/api/${path}`, {
    method: options.method ?? (body === null ? 'GET' : 'POST'),
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...options.headers },
    body,
  })
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  expect(response.headers.getSetCookie()).toEqual([])
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}

interface Note {
  id: string
  text: string
  createdAt: string
}

let registrations = 0

async function register(url?: string): Promise<RegisteredUser> {
  registrations += 1
  const { body } = await call<RegisteredUser>('auth/register', {
    json: { firstName: 'Grace', email: `grace-${registrations}@example.com`, password: 'a password of hers' },
    ...(url === undefined ? {} : { url }),
  })
  return body
}

async function startAnother(options: CreateApiOptions = {}): Promise<ExampleServer> {
  const other = await startExampleApi(options)
  let closed = false
  const close = async () => {
    if (!closed) await other.close()
    closed = true
  }
  onTestFinished(close)
  return { url: other.url, close }
}

async function makeDataDirectory(): Promise<string> {
  const dataDirectory = await makeTemporaryDirectory()
  onTestFinished(() => rm(dataDirectory, { recursive: true }))
  return dataDirectory
}

/** Asks the database that a server works on. */
async function ask(dataDirectory: string, sql: string, args: (string | number)[] = []) {
  const database = await openDatabase({ dataDirectory, databaseUrl: undefined, databaseAuthToken: undefined })
  try {
    return (await database.execute({ sql, args })).rows
  } finally {
    database.close()
  }
}

/** A server, a session there, and the token by which better-auth itself knows that session. */
async function registerWithSession(options: CreateApiOptions = {}) {
  const dataDirectory = await makeDataDirectory()
  const { url } = await startAnother({ dataDirectory, ...options })
  const registered = await register(url)
  const [session] = await ask(dataDirectory, 'SELECT token FROM session')
  return { ...registered, url, dataDirectory, sessionToken: String(session?.['token']) }
}

const refresh = (refreshToken: string, url: string = server.url) =>
  call<TokenPair>('auth/refresh', { url, json: { refreshToken } })

const pair = { token: expect.any(String), refreshToken: expect.any(String), expiresIn: 3600 }
const error = { message: expect.any(String) }
const challenge = 'Bearer error="invalid_token"'

function expectRefused({ status, headers, body }: Answer<unknown>): void {
  expect({ status, body, challenge: headers.get('WWW-Authenticate') }).toEqual({
    status: 401,
    body: error,
    challenge,
  })
}

describe('registration', () => {
  it('answers with the user and a live token, and with nothing else', async () => {
    const json = {
      firstName: ' Grace ',
      lastName: 'Hopper',
      email: 'Grace@Example.com',
      password: '12345678',
    }
    const { status, body } = await call<RegisteredUser>('auth/register', { json })

    expect(status).toBe(200)
    expect(body).toEqual({
      user: {
        id: expect.any(String),
        firstName: 'Grace',
        lastName: 'Hopper',
        email: 'grace@example.com',
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
      ...pair,
    })
    expect((await call('auth/user', { token: body.token })).status).toBe(200)
  })

  it('takes a first name alone, and the last name is then empty', async () => {
    expect((await register()).user).toMatchObject({ firstName: 'Grace', lastName: '' })
  })

  it('answers 409 to an e-mail address that is taken, in capitals too', async () => {
    const { user } = await register()
    const json = { firstName: 'Eve', email: user.email.toUpperCase(), password: '12345678' }

    expect(await call('auth/register', { json })).toMatchObject({ status: 409, body: error })
  })

  it('gives an e-mail address to one of several at the same moment, and answers 409 to the rest', async () => {
    const json = { firstName: 'Eve', email: 'race@example.com', password: '12345678' }
    const answers = await Promise.all([1, 2, 3, 4].map(() => call('auth/register', { json })))

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  it.each([
    ['no first name', { email: 'a@example.com', password: '12345678' }],
    ['an empty first name', { firstName: '  ', email: 'a@example.com', password: '12345678' }],
    ['a first name that is a number', { firstName: 1, email: 'a@example.com', password: '12345678' }],
    [
      'a last name that is a list',
      { firstName: 'A', lastName: [], email: 'a@example.com', password: '12345678' },
    ],
    ['no e-mail address', { firstName: 'A', password: '12345678' }],
    ['an e-mail address without a host', { firstName: 'A', email: 'a@', password: '12345678' }],
    ['no password', { firstName: 'A', email: 'a@example.com' }],
    ['a short password', { firstName: 'A', email: 'a@example.com', password: '1234567' }],
    ['a password of 129 characters', { firstName: 'A', email: 'a@example.com', password: 'a'.repeat(129) }],
    ['a list', []],
  ])('answers 422 to %s', async (_, json) => {
    expect(await call('auth/register', { json })).toMatchObject({ status: 422, body: error })
  })
})

describe('login', () => {
  it('answers with the user and a live token, another for each login', async () => {
    const { user, token } = await register()
    const json = { email: user.email, password: 'a password of hers' }
    const { status, body } = await call<RegisteredUser>('auth/login', { json })

    expect(status).toBe(200)
    expect(body).toEqual({ user, ...pair })
    expect(body.token).not.toBe(token)
    expect((await call('auth/user', { token: body.token })).body).toEqual(user)
  })

  it('answers 401 with the same message to a wrong password and to an unknown e-mail address', async () => {
    const { user } = await register()
    const wrong = await call('auth/login', { json: { email: user.email, password: 'wrong password' } })
    const unknown = await call('auth/login', {
      json: { email: 'no@example.com', password: 'wrong password' },
    })

    expectRefused(wrong)
    expectRefused(unknown)
    expect(unknown.body).toEqual(wrong.body)
  })

  it('answers 422 to fields that are missing or of another type', async () => {
    for (const json of [
      {},
      { email: 'a@example.com' },
      { email: 1, password: 'a' },
      { email: {}, password: [] },
      null,
    ]) {
      expect(await call('auth/login', { json })).toMatchObject({ status: 422, body: error })
    }
  })

  it('answers 400 to a body that is not JSON and does not repeat it', async () => {
    for (const body of ['{"password":"secret', 'secret', '']) {
      const answer = await call('auth/login', { method: 'POST', body })
      expect(answer).toMatchObject({ status: 400, body: error })
      expect(JSON.stringify(answer.body)).not.toContain('secret')
    }
  })

  it('answers 413 to a body over 64 KiB', async () => {
    const json = { email: 'a@example.com', password: 'a'.repeat(64 * 1024) }

    expect(await call('auth/login', { json })).toMatchObject({ status: 413, body: error })
  })
})

describe('the user', () => {
  it('is sent as it is, without an envelope', async () => {
    const { user, token } = await register()

    expect(await call('auth/user', { token })).toMatchObject({ status: 200, body: user })
  })

  it.each([
    ['no header', ''],
    ['no token', 'Bearer'],
    ['an empty token', 'Bearer '],
    ['garbage', 'Bearer garbage'],
    ['percent signs', 'Bearer %00%zz.%'],
    ['dots', 'Bearer ...'],
    ['a signature that is none', 'Bearer abc.def'],
    ['letters outside ASCII', 'Bearer \u00fcml\u00e4ut'],
    ['two words', 'Bearer a b'],
    ['12,000 characters', `Bearer ${'a'.repeat(12_000)}`],
  ])('is refused to %s with 401', async (_, authorization) => {
    const headers: Record<string, string> = authorization === '' ? {} : { Authorization: authorization }

    expectRefused(await call('auth/user', { headers }))
  })

  it('is refused to a live token under another scheme, without one, in the URL, and with a signature', async () => {
    const secret = 'A secret that the test knows, 0123456789'
    const { url, token, sessionToken } = await registerWithSession({ secret })
    const signature = createHmac('sha256', secret).update(sessionToken).digest('base64')

    expectRefused(await call('auth/user', { url, headers: { Authorization: `Basic ${token}` } }))
    expectRefused(await call('auth/user', { url, headers: { Authorization: token } }))
    expectRefused(await call(`auth/user?token=${token}&access_token=${token}`, { url }))
    expectRefused(await call('auth/user', { url, token: `${sessionToken}.${signature}` }))
  })

  it('is refused to the refresh token, and to the token by which better-auth knows the session', async () => {
    const { url, token, refreshToken, sessionToken } = await registerWithSession()

    expect((await call('auth/user', { url, token })).status).toBe(200)
    for (const other of [refreshToken, sessionToken])
      expectRefused(await call('auth/user', { url, token: other }))
  })

  it('is refused to the cookie that better-auth itself would accept', async () => {
    const secret = 'A secret that the test knows, 0123456789'
    const { url, sessionToken } = await registerWithSession({ secret })
    const signature = createHmac('sha256', secret).update(sessionToken).digest('base64')
    const cookie = encodeURIComponent(`${sessionToken}.${signature}`)
    const headers = { Cookie: `better-auth.session_token=${cookie}` }

    expectRefused(await call('auth/user', { url, headers }))
    expectRefused(await call('auth/user', { url, headers, token: 'garbage' }))
    expectRefused(await call('auth/user', { url, headers: { ...headers, Authorization: 'Bearer gar.bage' } }))
  })

  it('is sent to a live token under the scheme in any case', async () => {
    const { token } = await register()

    expect((await call('auth/user', { headers: { Authorization: `bearer ${token}` } })).status).toBe(200)
  })
})

describe('refresh', () => {
  const letPass = (milliseconds: number, dataDirectory: string) =>
    ask(dataDirectory, 'UPDATE refreshToken SET usedAt = usedAt - ?', [milliseconds])

  it('gives another pair for the session, and leaves the token before it alone', async () => {
    const { user, token, refreshToken } = await register()
    const { status, body } = await refresh(refreshToken)

    expect(status).toBe(200)
    expect(body).toEqual(pair)
    expect(new Set([token, refreshToken, body.token, body.refreshToken]).size).toBe(4)
    for (const live of [token, body.token])
      expect((await call('auth/user', { token: live })).body).toEqual(user)
    expect((await refresh(body.refreshToken)).status).toBe(200)
  })

  it('makes no other session', async () => {
    const { refreshToken } = await register()
    const { token } = (await refresh(refreshToken)).body

    expect((await call('auth/sessions', { token })).body).toEqual([
      expect.objectContaining({ current: true }),
    ])
  })

  it('is needed once a token has lived for as long as the server was told', async () => {
    const { url } = await startAnother({ tokenSeconds: 1 })
    const { user, token, refreshToken, expiresIn } = await register(url)
    expect(expiresIn).toBe(1)
    await vi.waitFor(async () => expectRefused(await call('auth/user', { url, token })), {
      timeout: 60_000,
    })

    const { body } = await refresh(refreshToken, url)
    // On a slow machine the new token has expired by now as well: the session itself goes on.
    expect((await refresh(body.refreshToken, url)).status).toBe(200)
    const login = { email: user.email, password: 'a password of hers' }
    expect((await call('auth/login', { url, json: login })).status).toBe(200)
  })

  it('is needed after a minute where the server was told nothing', async () => {
    const { url } = await startAnother({ tokenSeconds: undefined })

    expect((await register(url)).expiresIn).toBe(60)
  })

  it('answers a second time to a token that was used a moment ago, and to two requests at once', async () => {
    const { user, refreshToken } = await register()
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
    answers.push(await refresh(refreshToken))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    for (const { body } of answers) {
      expect((await call('auth/user', { token: body.token })).body).toEqual(user)
    }
  })

  it('ends the session where a token is used again later, with all that came from it', async () => {
    const { url, dataDirectory, token, refreshToken } = await registerWithSession()
    const { body } = await refresh(refreshToken, url)
    // The ten seconds begin at the first use.
    await letPass(1000, dataDirectory)
    expect((await refresh(refreshToken, url)).status).toBe(200)
    await letPass(9500, dataDirectory)
    expect((await call('auth/user', { url, token: body.token })).status).toBe(200)

    expectRefused(await refresh(refreshToken, url))
    for (const dead of [token, body.token]) expectRefused(await call('auth/user', { url, token: dead }))
    expectRefused(await refresh(body.refreshToken, url))
    expect(await ask(dataDirectory, 'SELECT id FROM session')).toEqual([])
  })

  it('leaves other sessions alone where it ends one', async () => {
    const { url, dataDirectory, user, refreshToken } = await registerWithSession()
    const json = { email: user.email, password: 'a password of hers' }
    const other = await call<RegisteredUser>('auth/login', { url, json })
    await refresh(refreshToken, url)
    await letPass(11_000, dataDirectory)

    expectRefused(await refresh(refreshToken, url))
    expect((await refresh(other.body.refreshToken, url)).status).toBe(200)
  })

  it('is refused to what is no refresh token, an access token among others', async () => {
    const { token, refreshToken } = await register()

    for (const wrong of [token, 'garbage', '', `${refreshToken}.`]) expectRefused(await refresh(wrong))
    for (const json of [{}, { refreshToken: 1 }, { refreshToken: 'a'.repeat(257) }]) {
      expect(await call('auth/refresh', { json })).toMatchObject({ status: 422, body: error })
    }
  })

  it('is refused once the session itself has expired', async () => {
    const { url, dataDirectory, token, refreshToken } = await registerWithSession()
    await ask(dataDirectory, 'UPDATE session SET expiresAt = ?', [new Date().toISOString()])

    expectRefused(await refresh(refreshToken, url))
    expectRefused(await call('auth/user', { url, token }))
  })

  it('leaves no token in the database that anybody could use', async () => {
    const { url, dataDirectory, token, refreshToken } = await registerWithSession()
    const { body } = await refresh(refreshToken, url)
    const kept = [
      ...(await ask(dataDirectory, 'SELECT * FROM accessToken')),
      ...(await ask(dataDirectory, 'SELECT * FROM refreshToken')),
    ]

    expect(kept).toHaveLength(4)
    for (const handedOut of [token, refreshToken, body.token, body.refreshToken]) {
      expect(JSON.stringify(kept)).not.toContain(handedOut)
    }
  })

  it('forgets at the next login what belongs to sessions that have ended', async () => {
    const { url, dataDirectory, user, token } = await registerWithSession()
    await call('auth/logout', { url, method: 'POST', token })
    await ask(dataDirectory, 'UPDATE accessToken SET expiresAt = 0')
    const json = { email: user.email, password: 'a password of hers' }
    await call('auth/login', { url, json })

    expect(await ask(dataDirectory, 'SELECT digest FROM accessToken')).toHaveLength(1)
    expect(await ask(dataDirectory, 'SELECT digest FROM refreshToken')).toHaveLength(1)
  })
})

describe('logout', () => {
  it('ends all tokens of its session, the refresh token and later ones among them', async () => {
    const { token, refreshToken } = await register()
    const { body } = await refresh(refreshToken)
    await call('auth/logout', { method: 'POST', token: body.token })

    for (const dead of [token, body.token]) expectRefused(await call('auth/user', { token: dead }))
    for (const dead of [refreshToken, body.refreshToken]) expectRefused(await refresh(dead))
  })

  it('is confirmed to signoff although the access token has expired, and nothing of the session lives on', async () => {
    const { url, dataDirectory, user, ...tokens } = await registerWithSession()
    const client = createAuthClient<User>({
      baseUrl: `${url}/api`,
      queryClient: new QueryClient(),
      storage: memoryStorage(),
      refresh: tokenRefresh(),
    })
    client.setSession({ user, ...tokens })
    await ask(dataDirectory, 'UPDATE accessToken SET expiresAt = 0')
    expectRefused(await call('auth/user', { url, token: tokens.token }))

    expect(await client.logout()).toMatchObject({ user, status: 200, revoked: true })
    expect(await ask(dataDirectory, 'SELECT id FROM session')).toEqual([])
    expectRefused(await refresh(tokens.refreshToken, url))
  })

  it('answers with who was logged out and the token, which is dead from then on', async () => {
    const { user, token } = await register()

    expect(await call('auth/logout', { method: 'POST', token })).toMatchObject({
      status: 200,
      body: { user, token },
    })
    expectRefused(await call('auth/user', { token }))
    expectRefused(await call('auth/logout', { method: 'POST', token }))
    expectRefused(await call('notes', { token }))
    expectRefused(await call('notes', { token, json: { text: 'late' } }))
  })

  it('leaves the other sessions of the user alone', async () => {
    const { user, token } = await register()
    const json = { email: user.email, password: 'a password of hers' }
    const other = await call<RegisteredUser>('auth/login', { json })
    await call('auth/logout', { method: 'POST', token })

    expect((await call('auth/user', { token: other.body.token })).status).toBe(200)
  })

  it('answers 401 to a token that never lived', async () => {
    expectRefused(await call('auth/logout', { method: 'POST', token: 'garbage' }))
  })
})

describe('sessions', () => {
  it('are listed to their user without a token, the current one marked', async () => {
    interface Session {
      id: string
      current: boolean
    }
    const { user, token } = await register()
    const json = { email: user.email, password: 'a password of hers' }
    const other = (await call<RegisteredUser>('auth/login', { json })).body
    await register()
    const { body } = await call<Session[]>('auth/sessions', { token })
    const asOther = (await call<Session[]>('auth/sessions', { token: other.token })).body

    const text = expect.any(String)
    const session = { id: text, createdAt: text, expiresAt: text, current: expect.any(Boolean) }
    expect(body).toEqual([session, session])
    expect(body.filter(({ current }) => current)).toHaveLength(1)
    expect(asOther).toEqual(body.map((listed) => ({ ...listed, current: !listed.current })))
    expectRefused(await call('auth/sessions'))

    await call('auth/logout', { method: 'POST', token })
    const left = (await call<Session[]>('auth/sessions', { token: other.token })).body
    expect(left).toEqual(asOther.filter(({ current }) => current))
  })

  it('are counted for everyone, one more after a login and one less after a logout', async () => {
    const count = async () => (await call<{ live: number }>('sessions/count')).body
    const before = await count()
    const { token } = await register()
    const during = await count()
    await call('auth/logout', { method: 'POST', token })

    expect(during).toEqual({ live: before.live + 1 })
    expect(await count()).toEqual(before)
  })
})

describe('notes', () => {
  it('are kept and listed newest first', async () => {
    const { token } = await register()
    const first = await call<Note>('notes', { token, json: { text: ' first ' } })
    const second = await call<Note>('notes', { token, json: { text: 'second' } })

    expect(first).toMatchObject({ status: 201 })
    expect(first.body).toEqual({ id: expect.any(String), text: 'first', createdAt: expect.any(String) })
    expect(await call('notes', { token })).toMatchObject({ status: 200, body: [second.body, first.body] })
  })

  it('are private: another user neither reads nor deletes them', async () => {
    const [owner, other] = [await register(), await register()]
    const note = await call<Note>('notes', { token: owner.token, json: { text: 'mine' } })
    const path = `notes/${note.body.id}`

    expect((await call('notes', { token: other.token })).body).toEqual([])
    expect(await call(path, { method: 'DELETE', token: other.token })).toMatchObject({
      status: 404,
      body: error,
    })
    expect((await call('notes', { token: owner.token })).body).toEqual([note.body])
  })

  it('are deleted by their owner once', async () => {
    const { token } = await register()
    const note = await call<Note>('notes', { token, json: { text: 'gone soon' } })
    const path = `notes/${note.body.id}`

    expect(await call(path, { method: 'DELETE', token })).toMatchObject({ status: 204, body: null })
    expect((await call('notes', { token })).body).toEqual([])
    expect(await call(path, { method: 'DELETE', token })).toMatchObject({ status: 404, body: error })
  })

  it('are refused without a token', async () => {
    expectRefused(await call('notes'))
    expectRefused(await call('notes', { json: { text: 'nobody' } }))
    expectRefused(await call('notes/any', { method: 'DELETE' }))
  })

  it('have 1 to 500 characters, all of which are kept', async () => {
    const { token } = await register()
    const longest = 'é'.repeat(500)

    for (const text of ['', '   ', 'a'.repeat(501), 'a\0b', 1, null]) {
      expect(await call('notes', { token, json: { text } })).toMatchObject({ status: 422, body: error })
    }
    for (const text of ['a', longest])
      expect((await call('notes', { token, json: { text } })).status).toBe(201)
    expect((await call('notes', { token })).body).toMatchObject([{ text: longest }, { text: 'a' }])
  })
})

describe('announcements', () => {
  it('are public', async () => {
    const { status, body } = await call<unknown[]>('announcements')
    const text = expect.any(String)

    expect(status).toBe(200)
    expect(body).not.toEqual([])
    expect(body).toEqual(body.map(() => ({ id: text, title: text, text, publishedAt: text })))
  })
})

describe('the server', () => {
  it('answers 404 to paths that do not exist and 405 to methods that a path does not have', async () => {
    for (const path of ['', 'nothing', 'auth', 'auth/sign-in/email', 'auth/get-session']) {
      expect(await call(path)).toMatchObject({ status: 404, body: error })
    }
    const wrongMethod = await call('notes', { method: 'PUT' })
    expect(wrongMethod).toMatchObject({ status: 405, body: error })
    expect(wrongMethod.headers.get('Allow')).toBe('GET, POST')
    expect(await call('auth/login')).toMatchObject({ status: 405, body: error })
  })

  it('answers 429 with Retry-After to an address that logs in or registers too often', async () => {
    const { url } = await startAnother({ rateLimit: { requests: 2, seconds: 30 } })
    const json = { email: demoUser.email, password: demoUser.password }
    for (const path of ['auth/login', 'auth/register']) {
      await call(path, { url, json })
      await call(path, { url, json })
      const answer = await call(path, { url, json })

      expect(answer).toMatchObject({ status: 429, body: error })
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
      expect(Number(answer.headers.get('Retry-After'))).toBeLessThanOrEqual(30)
    }
    expect((await call('announcements', { url })).status).toBe(200)
  })

  it('accepts requests again when the time of Retry-After is over', async () => {
    const { url } = await startAnother({ rateLimit: { requests: 1, seconds: 1 } })
    const json = { email: demoUser.email, password: demoUser.password }
    await call('auth/login', { url, json })
    const { status, headers } = await call('auth/login', { url, json })
    await new Promise((resolve) => setTimeout(resolve, Number(headers.get('Retry-After')) * 1000))

    expect(status).toBe(429)
    expect((await call('auth/login', { url, json })).status).toBe(200)
  })

  it('takes from the environment what is set there', () => {
    const unset = {
      databaseUrl: undefined,
      databaseAuthToken: undefined,
      dataDirectory: undefined,
      secret: undefined,
    }

    expect(readEnvironment({ TOKEN_SECONDS: '30' })).toEqual({ ...unset, tokenSeconds: 30 })
    expect(readEnvironment({ TOKEN_SECONDS: '', DATABASE_URL: '' })).toEqual({
      ...unset,
      tokenSeconds: undefined,
    })
  })

  it('does not start with tokens that never live', async () => {
    for (const tokenSeconds of [0, -1, NaN]) {
      await expect(createApi({ dataDirectory: await makeDataDirectory(), tokenSeconds })).rejects.toThrow(
        RangeError,
      )
    }
  })

  it('answers 500 without telling why when the database fails, and logs no token', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => log.mockRestore())
    const { app, close } = await createApi({ dataDirectory: await makeDataDirectory() })
    close()
    const response = await app.request('/api/auth/user', { headers: { Authorization: 'Bearer sometoken' } })

    const logged = JSON.stringify(log.mock.calls)
    log.mockClear()

    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ message: 'Something went wrong on the server.' })
    expect(logged).toContain('CLIENT_CLOSED')
    expect(logged).not.toContain('sometoken')
  })

  it('seeds the demo user with three notes once and no session', async () => {
    const dataDirectory = await makeDataDirectory()
    const first = await startAnother({ dataDirectory })
    const json = { email: demoUser.email, password: demoUser.password }
    expect((await call('sessions/count', { url: first.url })).body).toEqual({ live: 0 })
    const { body } = await call<RegisteredUser>('auth/login', { url: first.url, json })
    expect(body.user).toMatchObject({ firstName: 'Ada', lastName: 'Lovelace', email: 'demo@example.com' })
    const notes = (await call<Note[]>('notes', { url: first.url, token: body.token })).body
    expect(notes).toHaveLength(3)
    await call(`notes/${notes[0]?.id}`, { url: first.url, method: 'DELETE', token: body.token })
    const announcements = (await call('announcements', { url: first.url })).body
    await first.close()

    const { url } = await startAnother({ dataDirectory })
    expect((await call('notes', { url, token: body.token })).body).toEqual(notes.slice(1))
    expect((await call('announcements', { url })).body).toEqual(announcements)
  })

  it('keeps sessions, and the end of sessions, over a restart', async () => {
    const dataDirectory = await makeDataDirectory()
    const first = await startAnother({ dataDirectory })
    const [living, dead] = [await register(first.url), await register(first.url)]
    await call('auth/logout', { url: first.url, method: 'POST', token: dead.token })
    await first.close()

    const { url } = await startAnother({ dataDirectory })
    expect(await call('auth/user', { url, token: living.token })).toMatchObject({
      status: 200,
      body: living.user,
    })
    expectRefused(await call('auth/user', { url, token: dead.token }))
  })

  it('starts several times at once on one new database, which all of them share', async () => {
    const options = {
      dataDirectory: await makeDataDirectory(),
      secret: 'One secret for all, 0123456789abcdef',
    }
    const [one, two, three] = await Promise.all([
      startAnother(options),
      startAnother(options),
      startAnother(options),
    ])
    const { user, token } = await register(one.url)

    for (const { url } of [two, three]) expect((await call('auth/user', { url, token })).body).toEqual(user)
    await call('auth/logout', { url: two.url, method: 'POST', token })
    for (const { url } of [one, three]) expectRefused(await call('auth/user', { url, token }))
  })

  it('starts although another start makes the same tables at the same moment', async () => {
    const location = {
      dataDirectory: await makeDataDirectory(),
      databaseUrl: undefined,
      databaseAuthToken: undefined,
    }
    const secret = 'One secret for all, 0123456789abcdef'
    const [late, early] = [await openDatabase(location), await openDatabase(location)]
    onTestFinished(() => [late, early].forEach((database) => database.close()))
    const executeMultiple = late.executeMultiple.bind(late)
    vi.spyOn(late, 'executeMultiple').mockImplementationOnce(async (sql) => {
      await createAuth(early, secret)
      await executeMultiple(sql)
    })
    const auth = await createAuth(late, secret)

    const body = { name: 'Grace', email: 'grace@example.com', password: '12345678' }
    expect((await auth.api.signUpEmail({ body })).user.email).toBe(body.email)
  })

  it('makes one secret however many starts ask for the first', async () => {
    const dataDirectory = await makeDataDirectory()
    const secrets = await Promise.all([1, 2, 3, 4, 5].map(() => readSecret(dataDirectory)))

    expect(new Set(secrets).size).toBe(1)
    expect(secrets[0]).toMatch(/^[\w-]{43}$/)
    expect(await readdir(dataDirectory)).toEqual(['secret'])
  })

  it('shares sessions between servers whose secrets differ', async () => {
    const dataDirectory = await makeDataDirectory()
    const one = await startAnother({ dataDirectory, secret: 'The first of two secrets, 0123456789' })
    const two = await startAnother({ dataDirectory, secret: 'The second of two secrets, 9876543210' })
    const { user, token } = await register(one.url)

    expect((await call('auth/user', { url: two.url, token })).body).toEqual(user)
  })

  it('keeps its secret in a file that its owner alone may read', async () => {
    const dataDirectory = join(await makeDataDirectory(), 'new folder # 1%')
    await startAnother({ dataDirectory })

    expect((await stat(join(dataDirectory, 'secret'))).mode & 0o777).toBe(0o600)
    expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700)
  })
})
