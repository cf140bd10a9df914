import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { focusManager } from '@tanstack/react-query'
import { createAuthClient, memoryStorage } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, makeClient } from '../support/renderApp.tsx'
import { ended, failure, signedIn } from '../support/requests.ts'

const setUp = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  return { server, ...makeClient({ baseUrl: server.baseUrl, storage: memoryStorage(), ...options }) }
}

const login = 'POST /api/auth/login'
const logout = 'POST /api/auth/logout'

describe('an endpoint', () => {
  it('with form encoding is sent what OAuth 2 and FastAPI want', async () => {
    const { server, client } = await setUp({
      endpoints: {
        login: {
          path: 'token',
          encoding: 'form',
          body: ({ email, password }: typeof ada) => ({ grant_type: 'password', username: email, password }),
        },
      },
    })
    server.answer('POST /api/token', answers.json(server.issue(ada.email)))
    await client.login(ada)
    const [sent] = server.received('POST /api/token')
    expect(sent?.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/),
      accept: 'application/json',
    })
    expect(Object.fromEntries(new URLSearchParams(sent?.body))).toEqual({
      grant_type: 'password',
      username: ada.email,
      password: ada.password,
    })
  })

  it('with form encoding keeps its own headers, whatever the constant ones say', async () => {
    const { server, client } = await setUp({
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer anonymous' },
      endpoints: {
        login: { path: 'auth/login', encoding: 'form', headers: { Authorization: 'Basic client' } },
      },
    })
    server.answer(login, answers.json(server.issue(ada.email)))
    const { token } = await client.login(ada)
    await client.api('notes')
    expect(server.requests).toMatchObject([
      {
        body: 'email=ada%40example.com&password=correct+horse',
        headers: {
          authorization: 'Basic client',
          'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/),
        },
      },
      { token },
    ])
  })

  it('with a list in a form sends each of its items, and nothing of what is not there', async () => {
    const { server, client } = await setUp({
      endpoints: {
        login: {
          path: 'auth/login',
          encoding: 'form',
          body: { scope: ['a', 'b'], hint: null, none: undefined },
        },
      },
    })
    server.answer(login, answers.json(server.issue(ada.email)))
    await client.login(ada)
    expect(server.received(login)[0]?.body).toBe(
      'scope=a&scope=b&email=ada%40example.com&password=correct+horse',
    )
  })

  it('with an object as body has the credentials merged over it, and the tokens of a logout never', async () => {
    const { server, client } = await setUp({
      endpoints: {
        login: { path: 'auth/login', body: { device: 'web', email: 'default' } },
        logout: { path: 'auth/logout', body: { reason: 'user' } },
      },
    })
    await client.login(ada)
    await client.logout()
    expect(JSON.parse(server.received(login)[0]?.body ?? '')).toEqual({ device: 'web', ...ada })
    expect(JSON.parse(server.received(logout)[0]?.body ?? '')).toEqual({ reason: 'user' })
  })

  it('wraps what the API wants wrapped', async () => {
    const { server, client } = await setUp({
      endpoints: { login: { path: 'auth/login', body: (user: object) => ({ user }) } },
      parseSession: (body: { user: { id: string; email: string; token: string } }) => ({
        token: body.user.token,
        user: body.user,
      }),
    })
    const { user, token } = server.issue(ada.email)
    server.answer(login, answers.json({ user: { ...user, token } }))
    await client.login(ada)
    expect(JSON.parse(server.received(login)[0]?.body ?? '')).toEqual({ user: ada })
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('with headers made of the credentials logs in by Basic, without a body', async () => {
    const { server, client } = await setUp({
      endpoints: {
        login: {
          path: 'auth/login',
          headers: ({ email, password }: typeof ada) => ({
            Authorization: `Basic ${btoa(`${email}:${password}`)}`,
          }),
          body: () => undefined,
        },
      },
    })
    server.answer(login, answers.json(server.issue(ada.email)))
    await client.login(ada)
    expect(server.received(login)).toMatchObject([
      { body: '', headers: { authorization: `Basic ${btoa(`${ada.email}:${ada.password}`)}` } },
    ])
  })

  it('of a logout is given both tokens, and sends the refresh token only where its body says so', async () => {
    const { server, client } = await setUp({
      endpoints: {
        logout: {
          path: 'auth/logout',
          encoding: 'form',
          body: ({ token, refreshToken }) => ({ token: refreshToken, hint: token }),
        },
      },
    })
    const { user, token } = server.issue(ada.email)
    server.answer(
      login,
      answers.json({ user, access_token: token, refresh_token: 'refresh-1', expires_in: 60 }),
    )
    await client.login(ada)
    await client.api('notes')
    await client.logout()
    expect(server.received(logout)[0]).toMatchObject({
      body: `token=refresh-1&hint=${encodeURIComponent(token)}`,
    })
    const others = server.requests.filter(({ path }) => path !== '/api/auth/logout')
    expect(JSON.stringify(others)).not.toContain('refresh-1')
  })

  it('that refuses with JSON, and says that it is text, has its message and its body in the error', async () => {
    const { server, client } = await setUp()
    server.answer(login, answers.text('{"message":"Locked","until":5}', 'text/plain; charset=utf-8', 423))
    expect(await failure(client.login(ada))).toMatchObject({
      code: 'http',
      status: 423,
      message: 'Locked',
      data: { message: 'Locked', until: 5 },
    })
  })

  it.each(['Too many requests', '"Too many requests"', '5'])(
    'that refuses with the text %s has no body in the error',
    async (text) => {
      const { server, client } = await setUp()
      server.answer(login, answers.text(text, 'text/plain', 429))
      expect(await failure(client.login(ada))).toMatchObject({ code: 'http', status: 429, data: undefined })
    },
  )

  it('of a logout is given the tokens, and nothing else that is known of the session', async () => {
    const { server, client } = await setUp({
      endpoints: { logout: { path: 'auth/logout', body: (given) => given } },
    })
    const { user, token } = server.issue(ada.email)
    client.setSession({ user, token, refreshToken: 'refresh-1', expiresIn: 60 })
    await client.logout()
    expect(server.received(logout)[0]?.body).toBe(JSON.stringify({ token, refreshToken: 'refresh-1' }))
  })

  describe('of a logout that is a form (RFC 7009)', () => {
    const revocation = {
      path: 'revoke',
      encoding: 'form',
      body: ({ token }: { token: string }) => ({ token, client_id: 'app' }),
    } as const

    it('has no token in its header, which is the client’s own', async () => {
      const { server, client } = await setUp({
        endpoints: { logout: { ...revocation, headers: { Authorization: 'Basic client' } } },
      })
      server.answer('POST /api/revoke', answers.status(200))
      const { token } = await client.login(ada)
      expect(await client.logout()).toMatchObject({ revoked: true, status: 200, error: null })
      expect(server.received('POST /api/revoke')).toMatchObject([
        {
          body: `token=${encodeURIComponent(token)}&client_id=app`,
          headers: { authorization: 'Basic client' },
        },
      ])
    })

    it('sends no header at all where the client has no secret', async () => {
      const { server, client } = await setUp({ endpoints: { logout: revocation } })
      await client.login(ada)
      await client.logout()
      expect(server.received('POST /api/revoke')[0]?.headers).not.toHaveProperty('authorization')
    })

    it('takes a 401 for a refusal of the client, which revokes nothing', async () => {
      const { server, client } = await setUp({ endpoints: { logout: revocation } })
      server.answer('POST /api/revoke', answers.json({ error: 'invalid_client' }, 401))
      await client.login(ada)
      expect(await client.logout()).toMatchObject({ revoked: false, status: 401, error: { code: 'http' } })
    })

    it('has the token in its header where it has no body', async () => {
      const { server, client } = await setUp({ endpoints: { logout: { path: 'revoke', encoding: 'form' } } })
      const { token } = await client.login(ada)
      await client.logout()
      expect(server.received('POST /api/revoke')).toMatchObject([{ token, body: '' }])
    })
  })

  it('whose function throws says so, and sends nothing', async () => {
    const { server, client } = await setUp({
      endpoints: {
        login: {
          path: 'auth/login',
          body: () => {
            throw new Error(`cannot hash ${ada.password}`)
          },
        },
      },
    })
    const error = await failure(client.login(ada))
    expect(error).toMatchObject({ name: 'RequestError' })
    expect(String(error) + JSON.stringify(error)).not.toContain(ada.password)
    expect(server.requests).toEqual([])
  })
})

describe('a user that the token tells', () => {
  const read = (token: string) => ({ id: token, email: `${token}@example.com` })

  it('is asked of a function at a login and at a visit, without a request', async () => {
    const storage = memoryStorage()
    const { server, client } = await setUp({ endpoints: { user: read }, storage })
    server.answer(login, answers.json({ token: 'ada' }))
    await client.login(ada)
    expect(client.getState()).toMatchObject({ status: 'signed-in', user: read('ada') })
    const next = makeClient({
      baseUrl: server.baseUrl,
      storage,
      endpoints: { user: async (token) => read(token) },
    })
    next.client.mount()
    await vi.waitFor(() => expect(next.client.getState()).toMatchObject({ user: read('ada') }))
    next.client.unmount()
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/auth/login'])
  })

  it('passes the schema', async () => {
    const server = await startApiServer()
    const userSchema = z.object({
      id: z.string(),
      email: z.string().transform((email) => email.toUpperCase()),
    })
    const { queryClient } = makeClient({ baseUrl: server.baseUrl })
    const client = createAuthClient({
      baseUrl: server.baseUrl,
      queryClient,
      storage: memoryStorage(),
      userSchema,
      endpoints: { user: read },
    })
    server.answer(login, answers.json({ token: 'ada' }))
    expect(await client.login(ada)).toMatchObject({ user: { email: 'ADA@EXAMPLE.COM' } })
  })

  it('ends the session where the function says that the token is worth nothing', async () => {
    const storage = memoryStorage()
    storage.set('expired')
    const { client } = await setUp({ endpoints: { user: () => null }, storage })
    client.mount()
    await vi.waitFor(() =>
      expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' }),
    )
    client.unmount()
    expect(storage.get()).toBeNull()
  })

  it('leaves no token in the error where the function throws', async () => {
    const { server, client } = await setUp({
      endpoints: {
        user: (token) => {
          throw new Error(`cannot decode ${token}`)
        },
      },
    })
    server.answer(login, answers.json({ token: 'not-a-jwt' }))
    const error = await failure(client.login(ada))
    expect(error).toMatchObject({ name: 'RequestError', code: 'invalid-response' })
    expect(String(error) + JSON.stringify(error)).not.toContain('not-a-jwt')
    await vi.waitFor(() => expect(server.received(logout)).toMatchObject([{ token: 'not-a-jwt' }]))
  })

  it('is reported where the function throws at a visit, because no retry mends that', async () => {
    vi.mocked(console.warn).mockImplementation(() => {})
    const storage = memoryStorage()
    storage.set('not-a-jwt')
    const user = (token: string) => JSON.parse(token) as object
    const { client } = await setUp({ endpoints: { user }, storage })
    client.mount()
    await vi.waitFor(() => expect(console.warn).toHaveBeenCalledOnce())
    expect(vi.mocked(console.warn).mock.calls[0]?.map(String).join()).toContain('endpoints.user has failed')
    expect(vi.mocked(console.warn).mock.calls[0]?.map(String).join()).not.toContain('not-a-jwt')
    expect(client.getState()).toMatchObject({ status: 'restoring', token: 'not-a-jwt' })
    vi.mocked(console.warn).mockClear()
    client.unmount()
  })

  it('is asked of the token that the session goes on with, when the page is looked at again', async () => {
    const { server, client, queryClient } = await setUp({
      endpoints: { user: (token) => ({ ...read(token), id: '1' }) },
    })
    server.answer(login, answers.json({ token: 'reader' }))
    queryClient.mount()
    client.mount()
    await client.login(ada)
    const { signal } = client.getSession()
    client.renewSession({ token: 'editor' })
    expect(client.getState()).toMatchObject({ token: 'editor', user: { email: 'reader@example.com' } })
    focusManager.setFocused(false)
    focusManager.setFocused(true)
    await vi.waitFor(() => expect(client.getState()).toMatchObject({ user: { email: 'editor@example.com' } }))
    expect(signal.aborted).toBe(false)
    focusManager.setFocused(undefined)
    client.unmount()
    queryClient.unmount()
  })

  it('is not waited for for ever', async () => {
    const { server, client } = await setUp({
      endpoints: { user: () => new Promise(() => {}) },
      timeout: 2000,
    })
    server.answer(login, answers.json({ token: 'ada' }))
    expect(await failure(client.login(ada))).toMatchObject({ name: 'RequestError', code: 'timeout' })
  })
})

describe('how a request carries the token', () => {
  const authorize = (headers: Headers, token: string) => headers.set('X-Session', `Token ${token}`)

  it('is another scheme and another header, wherever the token goes', async () => {
    const { server, client } = await setUp({ authorize, endpoints: { user: 'me' } })
    server.answer(login, answers.json({ token: 'T' }))
    server.answer('GET /api/me', answers.json({ id: '1', email: ada.email }))
    server.answer('GET /api/notes', answers.json([]))
    await client.login(ada)
    await client.api('notes')
    await client.fetch(`${server.baseUrl}/notes`)
    await client.logout()
    const carried = server.requests.map(({ path, headers }) => [
      path,
      headers['x-session'],
      headers.authorization,
    ])
    expect(carried).toEqual([
      ['/api/auth/login', undefined, undefined],
      ['/api/me', 'Token T', undefined],
      ['/api/notes', 'Token T', undefined],
      ['/api/notes', 'Token T', undefined],
      ['/api/auth/logout', 'Token T', undefined],
    ])
  })

  it('is the same at each retry, in a last word, and after a renewal', async () => {
    let push = ''
    const { server, client } = await setUp({
      authorize,
      beforeRevoke: ({ fetch }) => fetch(push, { method: 'DELETE' }),
    })
    push = `${server.baseUrl}/push`
    const session = server.issue(ada.email)
    server.answer(login, answers.json({ ...session, token: 'T' }))
    server.answer('DELETE /api/push', answers.status(204))
    server.answer('GET /api/notes', (response, request) => {
      if (request.headers['x-session'] === 'Token T') client.renewSession({ token: 'U' })
      const answer = server.received('GET /api/notes').length < 3 ? answers.status(503) : answers.json([])
      answer(response, request)
    })
    await client.login(ada)
    await client.api('notes', { retry: { limit: 2, delay: () => 1 } })
    await client.logout()
    const carried = server.requests.map(({ path, headers }) => [path, headers['x-session']])
    expect(carried.slice(1)).toEqual([
      ['/api/notes', 'Token T'],
      ['/api/notes', 'Token U'],
      ['/api/notes', 'Token U'],
      ['/api/push', 'Token U'],
      ['/api/auth/logout', 'Token U'],
    ])
  })

  it('is not told to another origin, and neither are the constant headers', async () => {
    const other = await startApiServer()
    const { server, client } = await setUp({ authorize, headers: { apikey: 'K' } })
    await client.login(ada)
    await client.fetch(`${other.baseUrl}/announcements`)
    expect(JSON.stringify(other.requests)).not.toMatch(/x-session|apikey|Token/)
    expect(server.received(login)).toMatchObject([{ headers: { apikey: 'K' } }])
  })
})

describe('constant headers', () => {
  it('go with every request to the API, and give way to a request’s own', async () => {
    const { server, client } = await setUp({ headers: { apikey: 'K', 'X-Client': 'web' } })
    await client.login(ada)
    await client.api('notes', { headers: { 'X-Client': 'own' } })
    await client.logout()
    expect(
      server.requests.map(({ path, headers }) => [path, headers['apikey'], headers['x-client']]),
    ).toEqual([
      ['/api/auth/login', 'K', 'web'],
      ['/api/notes', 'K', 'own'],
      ['/api/auth/logout', 'K', 'web'],
    ])
  })
})

describe('what a login answers', () => {
  it.each([
    ['the fields of RFC 6749', { access_token: 'T', token_type: 'bearer', expires_in: 3600 }, {}],
    ['no body, and the token in a header', undefined, { Authorization: 'Bearer T' }],
  ])('is read: %s', async (name, body, headers) => {
    const { server, client } = await setUp(
      name.startsWith('no body')
        ? {
            parseSession: (_body, answer) => ({
              token: answer.headers.get('Authorization')?.replace(/^Bearer /, ''),
            }),
          }
        : {},
    )
    server.answer(
      login,
      body ? answers.json(body) : answers.status(201, { ...headers, 'Access-Control-Expose-Headers': '*' }),
    )
    server.answer('GET /api/auth/user', answers.json({ id: '1', email: ada.email }))
    expect(await client.login(ada)).toMatchObject({ token: 'T', user: { email: ada.email } })
  })

  it('says in the fields of RFC 6749 for how many seconds the token lives', async () => {
    const { server, client } = await setUp({ refresh: tokenRefresh() })
    const pair = (count: number, expires_in: number) => ({
      access_token: server.issue(ada.email).token,
      refresh_token: `refresh-${count}`,
      expires_in,
    })
    server.answer(login, answers.json(pair(1, 60)))
    server.answer('POST /api/auth/refresh', answers.json(pair(2, 60)))
    const { token } = await client.login(ada)
    const notes = () => server.received('GET /api/notes').map((request) => request.token)
    await client.api('notes')
    expect(notes()).toEqual([token])
    const now = Date.now()
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now + 40_000)
    for (let round = 0; round < 2; round += 1) await client.api('notes')
    clock.mockRestore()
    const next = client.getState().token
    expect(notes()).toEqual([token, next, next])
    expect(server.received('POST /api/auth/refresh')).toMatchObject([
      { body: JSON.stringify({ refreshToken: 'refresh-1' }) },
    ])
  })

  it('tells parseSession the status', async () => {
    const { server, client } = await setUp({
      parseSession: (body: { token: string }, { status }) => (status === 201 ? body : { token: undefined }),
    })
    const session = server.issue(ada.email)
    server.answer(login, answers.json(session))
    expect(await failure(client.login(ada))).toMatchObject({ code: 'invalid-response', status: 200 })
    server.answer(login, answers.json(session, 201))
    server.answer('GET /api/auth/user', answers.json(session.user))
    expect(await client.login(ada)).toMatchObject({ token: session.token })
  })

  it('without a token is the data of the error: the API asks for a second factor', async () => {
    const { server, client } = await setUp()
    const ticket = { mfa: { ticket: 'mfa-1', methods: ['totp'] } }
    server.answer(login, answers.json(ticket))
    expect(await failure(client.login(ada))).toMatchObject({
      name: 'RequestError',
      code: 'invalid-response',
      status: 200,
      data: ticket,
    })
    expect(client.getState().status).toBe('signed-out')
  })

  it('with a token that cannot be sent, or with the password, is no data', async () => {
    const { server, client } = await setUp()
    server.answer(login, answers.json({ token: 'line\nbreak' }))
    expect(await failure(client.login(ada))).toMatchObject({ code: 'invalid-response', data: undefined })
    server.answer(login, answers.json({ next: 'code', sent: ada }))
    expect(await failure(client.login(ada))).toMatchObject({ code: 'invalid-response', data: undefined })
  })
})

describe('a rejection', () => {
  it('is told by the body of a copy, where a status has two meanings', async () => {
    const isRejection = async (response: Response) =>
      response.status === 403 &&
      ((await response.json()) as { detail: string }).detail === 'Could not validate credentials'
    const { server, client, onSignOut, notes } = await signedIn({ isRejection })
    server.answer('GET /api/notes', answers.json({ detail: 'Not enough permissions' }, 403))
    const refused = await client.fetch(notes)
    expect([refused.status, await refused.json()]).toEqual([403, { detail: 'Not enough permissions' }])
    expect(client.getState().status).toBe('signed-in')

    server.answer('GET /api/notes', answers.json({ detail: 'Could not validate credentials' }, 403))
    expect(await failure(client.fetch(notes))).toEqual(ended('rejected'))
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalledOnce())
    expect(server.received(logout)).toEqual([])
  })

  it.each<[string, () => Promise<boolean>]>([
    ['throws', () => Promise.reject(new Error('no JSON'))],
    ['never settles', () => new Promise(() => {})],
  ])('is told by the status where the app’s function %s', async (_name, isRejection) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { server, client, notes } = await signedIn({ isRejection, timeout: 2000 })
    expect((await client.fetch(notes)).status).toBe(200)
    server.answer('GET /api/notes', answers.status(401))
    expect(await failure(client.fetch(notes))).toEqual(ended('rejected'))
    expect(vi.mocked(console.warn)).toHaveBeenCalledTimes(2)
    vi.mocked(console.warn).mockClear()
  })

  it('that does not read the copy makes none, and one that does leaves a body that streams as it is', async () => {
    const clone = vi.spyOn(Response.prototype, 'clone')
    const { server, client, notes } = await signedIn({
      isRejection: async (copy) => copy.url.endsWith('?read') && (await copy.clone().text()) === '',
    })
    server.answer('GET /api/notes', (response) => {
      response.writeHead(200)
      for (let part = 0; part < 20; part += 1) response.write('x'.repeat(100_000))
      response.end()
    })
    expect((await (await client.fetch(notes)).text()).length).toBe(2_000_000)
    expect(clone).not.toHaveBeenCalled()
    server.answer('GET /api/notes?read', answers.text('x'.repeat(2_000_000), 'text/plain'))
    expect((await (await client.fetch(`${notes}?read`)).text()).length).toBe(2_000_000)
    clone.mockRestore()
  })
})
