// @vitest-environment node
import { afterEach, describe, expect, it } from 'vitest'
import { memoryStorage } from 'signoff'
import { type Answer, answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

type Client = ReturnType<typeof makeClient>['client']
type Name = 'login' | 'register' | 'user' | 'logout'

const routes = {
  login: 'POST /api/auth/login',
  register: 'POST /api/auth/register',
  user: 'GET /api/auth/user',
  logout: 'POST /api/auth/logout',
} as const

/** A client whose user ada is, and an endpoint of whose API answers what the test says. */
const start = async (name: Name, answer: Answer, timeout?: number) => {
  const server = await startApiServer()
  const app = makeClient({
    baseUrl: server.baseUrl,
    storage: memoryStorage(),
    ...(timeout !== undefined && { timeout }),
  })
  const session = server.issue(ada.email)
  app.client.setSession(session)
  const { token } = session
  const state = app.client.getState()
  server.answer(routes[name], answer)
  /** Calls the endpoint; resolves with what went wrong. */
  const call = (): Promise<unknown> => {
    const failed = (promise: Promise<unknown>) =>
      promise.then(
        () => null,
        (error: unknown) => error,
      )
    if (name === 'logout') return app.client.logout().then(({ error }) => error)
    if (name === 'user')
      return failed(app.queryClient.fetchQuery({ ...app.client.userOptions, retry: false }))
    return failed(app.client[name](bob))
  }
  return { server, ...app, token, state, call }
}

const intervals: ReturnType<typeof setInterval>[] = []
afterEach(() => intervals.splice(0).forEach(clearInterval))

/** One byte after another, for ever. */
const trickle =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.write('{"message":"')
    intervals.push(setInterval(() => response.write('x'), 10))
  }

const big = 'x'.repeat(10_000_000)

const expectUntouched = (client: Client, state: ReturnType<Client['getState']>, name: Name) => {
  if (name === 'logout') expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
  else expect(client.getState()).toBe(state)
}

const invalid = { name: 'RequestError', code: 'invalid-response', status: 200 }

describe.each(['login', 'register', 'user', 'logout'] as const)('%s', (name) => {
  it.each<[string, Answer]>([
    ['an HTML page', answers.text('<!doctype html><p>Hello</p>', 'text/html')],
    ['an HTML page that says it is JSON', answers.text('<!doctype html>', 'application/json')],
  ])('that is answered with %s is a RequestError, and the session is what it was', async (_name, answer) => {
    const { client, state, call } = await start(name, answer)
    expect(await call()).toMatchObject(invalid)
    expectUntouched(client, state, name)
  })

  // The 2xx of a logout is a confirmation, whatever it says.
  it.skipIf(name === 'logout').each<[string, Answer]>([
    ['truncated JSON', answers.text('{"user":{"id":"1"', 'application/json')],
    ['JSON and more', answers.text('{"user":{},"token":"T"}{}', 'application/json')],
    ['half of a 10 MB answer', answers.text(`{"user":{"id":"${big}"`, 'application/json')],
  ])('that is answered with %s is a RequestError, and the session is what it was', async (_name, answer) => {
    const { client, state, call } = await start(name, answer)
    expect(await call()).toMatchObject(invalid)
    expectUntouched(client, state, name)
  })

  it.each([
    [200, 'timeout'],
    [422, 'http'],
  ])('that is answered %i byte by byte ends with `timeout`', async (status, code) => {
    const { client, state, call } = await start(name, trickle(status), 1000)
    expect(await call()).toMatchObject({ name: 'RequestError', code })
    expectUntouched(client, state, name)
  })

  it.each([302, 307])('that is redirected to another origin (%i) delivers nothing there', async (status) => {
    const other = await startApiServer()
    const location = `${other.baseUrl}/announcements`
    const { client, server, token, state, call } = await start(
      name,
      answers.status(status, { Location: location }),
      100,
    )
    expect(await call()).toMatchObject({ name: 'RequestError', status: 0 })
    expect(other.requests).toEqual([])
    expect(server.sessions.has(token)).toBe(true)
    expectUntouched(client, state, name)
  })
})

describe.each(['login', 'register'] as const)('%s', (name) => {
  it.each<[string, unknown]>([
    ['a token that is a number', { user: { id: '1' }, token: 5 }],
    ['a token that is an object', { user: { id: '1' }, token: {} }],
    ['a token that is a list', { user: { id: '1' }, token: ['T'] }],
    ['a token that is true', { user: { id: '1' }, token: true }],
    ['an empty token', { user: { id: '1' }, token: '' }],
    ['a token with a line break', { user: { id: '1' }, token: 'T\r\nX-Admin: 1' }],
    ['a token with a line break at its end', { user: { id: '1' }, token: 'T\n' }],
    ['a token of 1 MB', { user: { id: '1' }, token: 'x'.repeat(1_000_000) }],
    ['a token of its prototype', { ['__proto__']: { token: 'T', user: { id: '1' } } }],
    ['a user that is a string', { user: 'ada', token: 'T' }],
    ['a user that is a number', { user: 1, token: 'T' }],
    ['a user that is true', { user: true, token: 'T' }],
    ['a user that is a list', { user: [{ id: '1' }], token: 'T' }],
    ['a string', 'token'],
    ['a number', 1],
    ['true', true],
    ['a list of a session', [{ user: { id: '1' }, token: 'T' }]],
  ])('that is answered with %s begins no session and leaves the one that is on', async (_name, body) => {
    const { client, state, call } = await start(name, answers.json(body))
    expect(await call()).toMatchObject(invalid)
    expect(client.getState()).toBe(state)
  })

  it('takes a user of 10 MB', async () => {
    const { client, call } = await start(name, answers.json({ user: { id: big }, token: 'T' }))
    expect(await call()).toBeNull()
    expect(client.getState()).toEqual({ status: 'signed-in', user: { id: big }, token: 'T' })
  })

  it('takes `__proto__` and `constructor` for nothing but names', async () => {
    const user = '{"id":"1","__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'
    const body = `{"user":${user},"token":"T","__proto__":{"isAdmin":true}}`
    const { client, call } = await start(name, answers.text(body, 'application/json'))
    expect(await call()).toBeNull()
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: 'T', user: { id: '1' } })
    expect(client.getState().user).not.toHaveProperty('isAdmin')
    expect({}).not.toHaveProperty('isAdmin')
  })
})

describe('user', () => {
  it.each<[string, unknown]>([
    ['a string', 'ada'],
    ['an empty string', ''],
    ['a number', 1],
    ['false', false],
    ['a list', [{ id: '1' }]],
  ])('that is answered with %s is a RequestError, and the session goes on', async (_name, body) => {
    const { client, state, call } = await start('user', answers.json(body))
    expect(await call()).toMatchObject(invalid)
    expect(client.getState()).toBe(state)
  })

  it('takes `__proto__` and `constructor` for nothing but names, at each refetch', async () => {
    const makeUser = (email: string) =>
      `{"email":"${email}","__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}`
    const { server, client, call } = await start('user', answers.text(makeUser('one'), 'application/json'))
    for (const email of ['one', 'two']) {
      server.answer(routes.user, answers.text(makeUser(email), 'application/json'))
      expect(await call()).toBeNull()
      expect(client.getState().user).toMatchObject({ email })
      expect(client.getState().user).not.toHaveProperty('isAdmin')
    }
    expect({}).not.toHaveProperty('isAdmin')
  })

  it('takes a user of 10 MB', async () => {
    const { client, call } = await start('user', answers.json({ id: big }))
    expect(await call()).toBeNull()
    expect(client.getState().user).toEqual({ id: big })
  })
})

describe('logout', () => {
  it.each<[string, unknown]>([
    ['a user that is a string', { user: 'mallory', token: 'T' }],
    ['a user that is a list', { user: ['mallory'], token: 'T' }],
    ['a token that is a number', { user: { id: 'mallory' }, token: 5 }],
    ['a token with a line break', { user: { id: 'mallory' }, token: 'a\nb' }],
    ['an empty token', { user: { id: 'mallory' }, token: '' }],
    ['a string', 'mallory'],
    ['a list', [{ user: { id: 'mallory' }, token: 'T' }]],
    ['null', null],
    ['a session of its prototype', { ['__proto__']: { user: { id: 'mallory' }, token: 'T' } }],
  ])('that is answered with %s is confirmed, with the user and token of the session', async (_name, body) => {
    const { client, state, token } = await start('logout', answers.json(body))
    expect(await client.logout()).toEqual({
      user: state.user,
      token,
      status: 200,
      statusText: 'OK',
      error: null,
      revoked: true,
    })
  })

  it('takes an answer of 10 MB', async () => {
    const { client, token } = await start('logout', answers.json({ goodbye: big }))
    expect(await client.logout()).toMatchObject({ token, revoked: true, error: null })
  })
})

describe('`api`', () => {
  it.each([302, 307])('that is redirected to another origin (%i) takes no token there', async (status) => {
    const other = await startApiServer()
    const server = await startApiServer()
    const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
    await client.login(ada)
    server.answer('GET /api/notes', answers.status(status, { Location: `${other.baseUrl}/announcements` }))
    server.answer('POST /api/notes', answers.status(status, { Location: `${other.baseUrl}/announcements` }))

    expect(await client.api('notes').json()).toEqual(['public news'])
    await client.api.post('notes', { body: 'text' })

    expect(other.requests).toHaveLength(2)
    expect(JSON.stringify(other.requests)).not.toMatch(/token|bearer/i)
    expect(client.getState().status).toBe('signed-in')
  })

  it.each([
    ['another origin', (other: string) => `${other}/api/notes`],
    ['an address outside the path', () => '/notes'],
  ])('that is redirected to %s, and is refused there, ends no session', async (_name, locate) => {
    const other = await startApiServer()
    const server = await startApiServer()
    const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
    const { token } = await client.login(ada)
    server.answer('GET /api/notes', answers.status(307, { Location: locate(other.origin) }))
    server.answer('GET /notes', answers.status(401))

    await expect(client.api('notes')).rejects.toMatchObject({ name: 'HTTPError' })

    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })
})
