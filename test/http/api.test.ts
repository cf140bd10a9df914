// @vitest-environment node
import { inspect } from 'node:util'
import fc from 'fast-check'
import { isHTTPError, isNetworkError, isTimeoutError } from 'ky'
import { describe, expect, it, vi } from 'vitest'
import { memoryStorage, SessionEndedError, SignedOutError, type AuthClient } from 'signoff'
import { type Answer, answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

type Client = ReturnType<typeof makeClient>['client']
type Options = Partial<Parameters<typeof makeClient>[0]>

const signedIn = async (options: Options = {}) => {
  const server = await startApiServer()
  const onSignOut = vi.fn()
  const app = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage(), onSignOut, ...options })
  const session = await app.client.login(ada)
  return { server, onSignOut, ...app, ...session }
}

/** A client of an API that exists on paper only, and what it would have sent there. */
const recording = (options: Options = {}) => {
  const sent: { url: string; authorization: string | null }[] = []
  const { client } = makeClient({
    baseUrl: 'https://api.example.com/v1',
    storage: memoryStorage(),
    fetch: async (request) => {
      sent.push({ url: request.url, authorization: request.headers.get('Authorization') })
      return Response.json([])
    },
    ...options,
  })
  client.setSession({ user: { id: '1', email: ada.email }, token: 'secret' })
  return { client, sent }
}

/** The error that a promise rejects with. */
const failure = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    (value) => expect.fail(`resolved with ${String(value)}`),
    (error: unknown) => error,
  )

/** Answers differently each time; the last answer stays. */
const inTurn = (...turns: Answer[]): Answer => {
  let count = 0
  return (response, request) => turns[Math.min(count++, turns.length - 1)]?.(response, request)
}

/** A retry that tells when it begins to wait. */
const waitingRetry = (milliseconds: number) => {
  const { promise: waiting, resolve } = deferred()
  const delay = (): number => {
    // Asked for just before the wait begins.
    setTimeout(resolve)
    return milliseconds
  }
  return { waiting, retry: { delay } }
}

const ended = (reason: string) => expect.objectContaining({ name: 'SessionEndedError', reason })

describe('the token', () => {
  it.each([
    ['a path', 'notes', 'https://api.example.com/v1/notes'],
    ['a path with a leading slash', '/notes', 'https://api.example.com/v1/notes'],
    ['a path with a query', 'notes?page=2', 'https://api.example.com/v1/notes?page=2'],
    ['a path that stays inside', 'notes/../tags', 'https://api.example.com/v1/tags'],
    [
      'a path that holds an address',
      'proxy/https://other.example/',
      'https://api.example.com/v1/proxy/https://other.example/',
    ],
    ['the root', '', 'https://api.example.com/v1/'],
    ['the full address', 'https://api.example.com/v1/notes', 'https://api.example.com/v1/notes'],
    [
      'the full address in capitals',
      'HTTPS://API.EXAMPLE.COM:443/v1/notes',
      'https://api.example.com/v1/notes',
    ],
    ['a URL object', new URL('https://api.example.com/v1/notes'), 'https://api.example.com/v1/notes'],
    ['a Request object', new Request('https://api.example.com/v1/notes'), 'https://api.example.com/v1/notes'],
  ])('goes with %s', async (_name, input, url) => {
    const { client, sent } = recording()
    await client.api(input)
    expect(sent).toEqual([{ url, authorization: 'Bearer secret' }])
  })

  it.each([
    ['another host', 'https://other.example/v1/notes', 'https://other.example/v1/notes'],
    ['another port', 'https://api.example.com:8443/v1/notes', 'https://api.example.com:8443/v1/notes'],
    ['another scheme', 'http://api.example.com/v1/notes', 'http://api.example.com/v1/notes'],
    ['a host after two slashes', '//other.example/v1/notes', 'https://other.example/v1/notes'],
    ['a host after three slashes', '///other.example/v1/notes', 'https://other.example/v1/notes'],
    ['a host after a slash and a backslash', '/\\other.example/v1/notes', 'https://other.example/v1/notes'],
    ['a host after two backslashes', '\\\\other.example/v1/notes', 'https://other.example/v1/notes'],
    ['a host after a line break', '\n//other.example/v1/notes', 'https://other.example/v1/notes'],
    ['a subdomain', 'https://cdn.api.example.com/v1/notes', 'https://cdn.api.example.com/v1/notes'],
    [
      'a look-alike host',
      'https://api.example.com.other.example/v1/',
      'https://api.example.com.other.example/v1/',
    ],
    ['a look-alike path', 'https://api.example.com/v1xyz/notes', 'https://api.example.com/v1xyz/notes'],
    ['the path in capitals', 'https://api.example.com/V1/notes', 'https://api.example.com/V1/notes'],
    ['its origin outside the path', 'https://api.example.com/admin', 'https://api.example.com/admin'],
    ['a path that leaves', '../admin', 'https://api.example.com/admin'],
    ['a path that leaves further on', 'notes/../../v1xyz', 'https://api.example.com/v1xyz'],
    ['a path that leaves in disguise', '%2e%2e/admin', 'https://api.example.com/admin'],
    ['a URL object', new URL('https://other.example/v1/notes'), 'https://other.example/v1/notes'],
    ['a Request object', new Request('https://other.example/v1/notes'), 'https://other.example/v1/notes'],
  ])('does not go to %s', async (_name, input, url) => {
    const { client, sent } = recording()
    await client.api(input)
    expect(sent).toEqual([{ url, authorization: null }])
  })

  it.each([
    'https://api.example.com@other.example/v1/notes',
    'https://api.example.com%2Fv1%2F@other.example/v1/notes',
    'https://token:secret@api.example.com/v1/notes',
  ])('does not go to an address with a user name, which is not sent at all: %s', (input) => {
    const { client, sent } = recording()
    expect(() => client.api(input)).toThrow(TypeError)
    expect(sent).toEqual([])
  })

  it('does not go to the base address of a call or an instance of one’s own', async () => {
    const { client, sent } = recording()
    await client.api('notes', { baseUrl: 'https://other.example/v1/' })
    await client.api.extend({ baseUrl: 'https://other.example/v1/' }).get('notes')
    const to = { url: 'https://other.example/v1/notes', authorization: null }
    expect(sent).toEqual([to, to])
  })

  it('does not go to a server on another port', async () => {
    const { client } = await signedIn()
    const other = await startApiServer()
    expect(await client.api(`${other.baseUrl}/announcements`).json()).toEqual(['public news'])
    expect(other.requests.map((request) => request.headers.authorization)).toEqual([undefined])
  })

  it('goes without a caller’s `Authorization`, replaces one, and leaves one for another host alone', async () => {
    const { client, sent } = recording()
    const headers = { Authorization: 'Basic own' }
    await client.api('notes')
    await client.api('notes', { headers })
    await client.api('https://other.example/', { headers })
    expect(sent.map(({ authorization }) => authorization)).toEqual([
      'Bearer secret',
      'Bearer secret',
      'Basic own',
    ])
  })

  it('is seen by no hook', async () => {
    const seen: (string | null)[] = []
    const { client, sent } = recording()
    const look = ({ request }: { request: Request }) => void seen.push(request.headers.get('Authorization'))
    await client.api('notes', { hooks: { beforeRequest: [look], afterResponse: [look] } })
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer secret'])
    expect(seen).toEqual([null, null])
  })

  it('is never in an address', async () => {
    const { client, sent } = recording()
    await client.api('notes', { searchParams: { page: 1 } })
    expect(sent.map(({ url }) => url)).toEqual(['https://api.example.com/v1/notes?page=1'])
  })
})

describe('`notes` and `/notes`', () => {
  const url = 'https://api.example.com/v1/notes'

  it.each<[string, (api: AuthClient['api']) => AuthClient['api']]>([
    ['api', (api) => api],
    ['api.extend()', (api) => api.extend({ headers: { 'X-Own': '1' } })],
    ['api.extend() of a function', (api) => api.extend(() => ({ retry: 0 }))],
    ['api.extend().extend()', (api) => api.extend({}).extend({ retry: 0 })],
  ])('are the same path for every method of %s', async (_name, extend) => {
    const { client, sent } = recording()
    const api = extend(client.api)
    for (const path of ['notes', '/notes']) {
      await Promise.all([
        api(path),
        api.get(path),
        api.post(path),
        api.put(path),
        api.patch(path),
        api.delete(path),
      ])
      await api.head(path)
    }
    expect(sent).toEqual(Array.from({ length: 14 }, () => ({ url, authorization: 'Bearer secret' })))
  })

  it.each(['https://api.example.com/v1', 'https://api.example.com/v1/', 'https://api.example.com/v1//'])(
    'are below %s',
    async (baseUrl) => {
      const { client, sent } = recording({ baseUrl })
      await client.api('notes')
      await client.api('/notes')
      expect(sent.map((request) => request.url)).toEqual([url, url])
    },
  )
})

describe('the `fetch` option', () => {
  it('is called once per attempt, with the token already on the request', async () => {
    const attempts: (string | null)[] = []
    const { server, client, token } = await signedIn({
      fetch: (request) => {
        if (request.url.endsWith('/notes')) attempts.push(request.headers.get('Authorization'))
        return fetch(request)
      },
    })
    server.answer(
      'GET /api/notes',
      inTurn(answers.status(503, { 'Retry-After': '0' }), answers.json(['one note'])),
    )

    expect(await client.api('notes').json()).toEqual(['one note'])

    expect(attempts).toEqual([`Bearer ${token}`, `Bearer ${token}`])
    expect(server.received('GET /api/notes').map((request) => request.token)).toEqual([token, token])
  })

  it('is `globalThis.fetch` as it is at the time of the call, by default', async () => {
    const { server, client } = await signedIn()
    const replacement = vi.fn(async () => Response.json(['from elsewhere']))
    vi.stubGlobal('fetch', replacement)
    const notes = await client.api('notes').json()
    vi.unstubAllGlobals()
    expect(notes).toEqual(['from elsewhere'])
    expect(replacement).toHaveBeenCalledOnce()
    expect(server.received('GET /api/notes')).toEqual([])
  })
})

describe('a retry', () => {
  it('carries the token of its own session', async () => {
    const { server, client, token } = await signedIn()
    server.answer(
      'GET /api/notes',
      inTurn(answers.status(503, { 'Retry-After': '0' }), answers.json(['one note'])),
    )

    expect(await client.api('notes').json()).toEqual(['one note'])

    expect(server.received('GET /api/notes').map((request) => request.token)).toEqual([token, token])
  })

  it.each<[string, string, (client: Client) => unknown]>([
    ['logs out', 'logout', (client) => client.logout()],
    [
      'logs out and another logs in',
      'logout',
      (client) => {
        void client.logout()
        return client.login(bob)
      },
    ],
    ['is replaced by another', 'replaced', (client) => client.login(bob)],
    [
      'is replaced by a session set by hand',
      'replaced',
      (client) => client.setSession({ user: { id: '2', email: bob.email }, token: 'by-hand' }),
    ],
  ])(
    'that waits when its user %s is never sent, with no token and with nobody’s',
    async (_name, reason, end) => {
      const { server, client, token } = await signedIn()
      const witness = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
      await witness.client.login(ada)
      server.answer('GET /api/notes', answers.status(503))
      server.answer('GET /api/witness', inTurn(answers.status(503), answers.json([])))
      const { retry, waiting } = waitingRetry(150)
      const error = failure(client.api('notes', { retry }))
      await waiting

      await end(client)
      // A retry that began to wait later: when it has been sent, the one before would have been.
      await witness.client.api('witness', { retry: { delay: () => 150 } })

      expect(server.received('GET /api/witness')).toHaveLength(2)
      expect(server.received('GET /api/notes').map((request) => request.token)).toEqual([token])
      expect(await error).toEqual(ended(reason))
    },
  )

  it('that waits for a minute fails at once when the session ends', async () => {
    const { server, client } = await signedIn()
    server.answer('GET /api/notes', answers.status(503))
    const { retry, waiting } = waitingRetry(60_000)
    const error = failure(client.api('notes', { retry }))
    await waiting
    await client.logout()
    expect(await error).toEqual(ended('logout'))
  })

  it('and every other attempt carries the token of the session that it was called in, in any order of events', async () => {
    const event = fc.constantFrom('request', 'log in', 'log out', 'wait')
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 20 }), async (events) => {
        const wrong: string[] = []
        const pending: Promise<unknown>[] = []
        let issued = 0
        const { client } = makeClient({
          baseUrl: 'https://api.example.com/v1',
          storage: memoryStorage(),
          fetch: async (request) => {
            const url = new URL(request.url)
            if (url.pathname === '/v1/auth/login') {
              issued += 1
              return Response.json({ user: { id: `${issued}`, email: ada.email }, token: `token-${issued}` })
            }
            if (url.pathname !== '/v1/notes') return Response.json({})
            const { token } = client.getState()
            const sent = request.headers.get('Authorization')
            if (sent !== `Bearer ${token}` || url.search !== `?${token}`)
              wrong.push(`${url.search} with ${sent}`)
            return new Response('busy', { status: 503 })
          },
        })
        const act = {
          request: () => {
            const { token } = client.getState()
            const request = client.api(`notes?${token}`, { retry: { limit: 2, delay: () => 0 } })
            pending.push(failure(request))
          },
          'log in': () => pending.push(client.login(ada).catch(() => {})),
          'log out': () => pending.push(client.logout()),
          wait: () => new Promise((resolve) => setTimeout(resolve)),
        }
        for (const name of events) await act[name]()
        await Promise.all(pending)
        expect(wrong).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a request that waits in a hook', () => {
  it.each([
    ['nobody', (): unknown => undefined],
    ['another user', (client: Client): unknown => client.login(bob)],
  ])('is not sent when its session has ended and %s is signed in', async (_name, next) => {
    const { server, client } = await signedIn()
    const hook = deferred()
    const error = failure(client.api('notes', { hooks: { beforeRequest: [() => hook.promise] } }))
    await client.logout()
    await next(client)
    hook.resolve()
    expect(await error).toEqual(ended('logout'))
    expect(server.received('GET /api/notes')).toEqual([])
  })
})

describe('with no session', () => {
  it.each([
    ['GET', 'notes'],
    ['POST', 'notes'],
    ['GET', 'https://other.example/'],
  ])('%s %s rejects with SignedOutError before touching the network', async (method, input) => {
    const send = vi.fn(async () => Response.json([]))
    const beforeRetry = vi.fn()
    const { client } = makeClient({
      baseUrl: 'https://api.example.com',
      storage: memoryStorage(),
      fetch: send,
    })
    const error = await failure(client.api(input, { method, hooks: { beforeRetry: [beforeRetry] } }).json())
    expect(error).toBeInstanceOf(SignedOutError)
    expect(send).not.toHaveBeenCalled()
    expect(beforeRetry).not.toHaveBeenCalled()
  })

  it('rejects after logout too', async () => {
    const { server, client } = await signedIn()
    await client.logout()
    expect(await failure(client.api('notes'))).toBeInstanceOf(SignedOutError)
    expect(server.received('GET /api/notes')).toEqual([])
  })
})

describe('the end of the session', () => {
  it('aborts requests in flight: the server sees each connection close, each caller gets the reason', async () => {
    const { server, client } = await signedIn()
    const arrived = [deferred(), deferred()] as const
    const closed = [deferred(), deferred()] as const
    for (const index of [0, 1] as const) {
      server.answer(`GET /api/slow-${index}`, (response) => {
        arrived[index].resolve()
        response.on('close', closed[index].resolve)
      })
    }
    const errors = [failure(client.api('slow-0')), failure(client.api('slow-1').json())]
    await Promise.all(arrived.map(({ promise }) => promise))

    void client.logout()

    expect(await Promise.all(errors)).toEqual([ended('logout'), ended('logout')])
    await Promise.all(closed.map(({ promise }) => promise))
  })

  it('aborts a body that is on its way', async () => {
    const { server, client } = await signedIn()
    const closed = deferred()
    server.answer('GET /api/notes', (response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.write('["one')
      response.on('close', closed.resolve)
    })
    const response = await client.api('notes')
    const error = failure(response.json())

    void client.logout()

    expect(await error).toEqual(ended('logout'))
    await closed.promise
  })

  it('fails requests in flight at once when a custom `fetch` ignores its signal', async () => {
    const { server, client } = await signedIn({
      fetch: ({ url, method, headers, body }) =>
        fetch(url, { method, headers, body, ...(body && { duplex: 'half' }) }),
    })
    const arrived = deferred()
    server.answer('GET /api/notes', () => arrived.resolve())
    const error = failure(client.api('notes'))
    await arrived.promise

    void client.logout()

    expect(await error).toEqual(ended('logout'))
  })

  it('drops an answer that a custom `fetch` which ignores its signal brings back', async () => {
    const arrived = deferred()
    const answered = deferred()
    const { client } = await signedIn({
      fetch: async (request) => {
        if (!request.url.endsWith('/notes')) return fetch(request)
        arrived.resolve()
        await answered.promise
        return Response.json(['private note'])
      },
    })
    const error = failure(client.api('notes').json())
    await arrived.promise
    void client.logout()
    answered.resolve()
    expect(await error).toEqual(ended('logout'))
  })

  it('gives the reason `replaced` when another login takes over', async () => {
    const { server, client } = await signedIn()
    const arrived = deferred()
    server.answer('GET /api/notes', () => arrived.resolve())
    const error = failure(client.api('notes'))
    await arrived.promise
    await client.login(bob)
    expect(await error).toBeInstanceOf(SessionEndedError)
    expect(await error).toEqual(ended('replaced'))
  })

  it('leaves requests of the next session alone', async () => {
    const { client } = await signedIn()
    await client.logout()
    await client.login(bob)
    expect(await client.api('notes').json()).toEqual([`private note of ${bob.email}`])
  })
})

describe('a rejected token', () => {
  it('ends the session once for many parallel requests, without a logout request', async () => {
    const { server, client, user, onSignOut } = await signedIn()
    const listener = vi.fn()
    client.subscribe(listener)
    const all = deferred()
    let count = 0
    server.answer('GET /api/notes', async (response, request) => {
      count += 1
      if (count === 5) all.resolve()
      await all.promise
      answers.json({ message: 'Unauthorized' }, 401)(response, request)
    })

    const errors = await Promise.all(Array.from({ length: 5 }, () => failure(client.api('notes').json())))

    expect(errors).toEqual(Array.from({ length: 5 }, () => ended('rejected')))
    expect(client.getState()).toEqual({ status: 'signed-out', user: null, token: null, reason: 'rejected' })
    expect(listener).toHaveBeenCalledOnce()
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
    // A later session and its end: whatever a second end or a logout of the dead token would have done has been done.
    const { token } = await client.login(bob)
    await client.logout()
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalledTimes(2))
    expect(onSignOut.mock.calls).toEqual([
      [{ reason: 'rejected', user }],
      [{ reason: 'logout', user: expect.objectContaining({ email: bob.email }) }],
    ])
    expect(server.received('POST /api/auth/logout').map((request) => request.token)).toEqual([token])
  })

  it('aborts the other requests of its session', async () => {
    const { server, client } = await signedIn()
    const arrived = deferred()
    server.answer('GET /api/slow', () => arrived.resolve())
    const slow = failure(client.api('slow'))
    await arrived.promise
    server.answer('GET /api/notes', answers.status(401))
    await failure(client.api('notes'))
    expect(await slow).toEqual(ended('rejected'))
  })

  it.each([403, 404, 419, 429, 500])('is not what %i means', async (status) => {
    const { server, client, token } = await signedIn()
    server.answer('GET /api/notes', answers.json({ message: 'No' }, status))
    const error = await failure(client.api('notes', { retry: 0 }))
    expect(isHTTPError(error) && error.response.status).toBe(status)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('is not what a network error means', async () => {
    const { server, client, token } = await signedIn()
    server.answer('GET /api/notes', answers.reset)
    expect(isNetworkError(await failure(client.api('notes', { retry: 0 })))).toBe(true)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('is not what a timeout means', async () => {
    const { server, client, token } = await signedIn()
    server.answer('GET /api/notes', answers.never)
    expect(isTimeoutError(await failure(client.api('notes', { timeout: 50 })))).toBe(true)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('is not what a 401 of another origin means', async () => {
    const { client, token } = await signedIn()
    const other = await startApiServer()
    const error = await failure(client.api(`${other.baseUrl}/notes`))
    expect(isHTTPError(error) && error.response.status).toBe(401)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('is not what a 401 outside the path means', async () => {
    const { server, client, token } = await signedIn()
    server.answer('GET /admin', answers.status(401))
    const error = await failure(client.api(`${server.origin}/admin`))
    expect(isHTTPError(error) && error.response.status).toBe(401)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it.each(['login', 'register'] as const)('is not what a 401 of %s means', async (name) => {
    const { client, token } = await signedIn()
    const error = await failure(client[name]({ ...bob, password: 'wrong' }))
    expect(error).toMatchObject({ name: 'RequestError', status: 401 })
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('is not what a 401 of logout means, for the session that replaced it', async () => {
    const { server, client } = await signedIn()
    const answered = deferred()
    server.answer('POST /api/auth/logout', (response, request) => {
      answers.status(401)(response, request)
      response.on('close', answered.resolve)
    })
    const { token } = await client.login(bob)
    await answered.promise
    expect(await client.api('notes').json()).toEqual([`private note of ${bob.email}`])
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('is not what a late 401 for the session before means', async () => {
    const arrived = deferred()
    const answered = deferred()
    const { client, onSignOut } = await signedIn({
      fetch: async (request) => {
        if (!request.url.endsWith('/late')) return fetch(request)
        arrived.resolve()
        await answered.promise
        return new Response(null, { status: 401 })
      },
    })
    const error = failure(client.api('late'))
    await arrived.promise
    const { token } = await client.login(bob)
    answered.resolve()
    expect(await error).toEqual(ended('replaced'))
    expect(await client.api('notes').json()).toEqual([`private note of ${bob.email}`])
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    expect(onSignOut.mock.calls.map(([{ reason }]) => reason)).toEqual(['replaced'])
  })

  it('is not what a 401 means that has just arrived when the session is replaced', async () => {
    const arrived = deferred()
    const answered = deferred<Response>()
    const { client, onSignOut } = await signedIn({
      fetch: (request) => {
        if (!request.url.endsWith('/late')) return fetch(request)
        arrived.resolve()
        return answered.promise
      },
    })
    const error = failure(client.api('late'))
    await arrived.promise
    // Runs when the answer is there, but has not been read.
    const replaced = answered.promise.then(() =>
      client.setSession({ user: { id: '2', email: bob.email }, token: 'T' }),
    )
    answered.resolve(new Response(null, { status: 401 }))
    await replaced
    expect(await error).toEqual(ended('replaced'))
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: 'T' })
    await vi.waitFor(() => expect(onSignOut.mock.calls.map(([{ reason }]) => reason)).toEqual(['replaced']))
  })

  it('is what `isRejection` says', async () => {
    const isRejection = vi.fn((response: Response) => response.status === 419)
    const { server, client, token } = await signedIn({ isRejection })
    server.answer('GET /api/notes', answers.status(401))
    const error = await failure(client.api('notes'))
    expect(isHTTPError(error) && error.response.status).toBe(401)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })

    server.answer('GET /api/notes', answers.status(419))
    expect(await failure(client.api('notes'))).toEqual(ended('rejected'))
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    expect(isRejection.mock.calls.map(([response]) => response.status)).toEqual([401, 419])
  })

  it('can be told by `isRejection` from a header', async () => {
    const { server, client } = await signedIn({
      isRejection: ({ headers }) => headers.get('WWW-Authenticate')?.includes('invalid_token') ?? false,
    })
    server.answer(
      'GET /api/notes',
      answers.status(403, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }),
    )
    expect(await failure(client.api('notes'))).toEqual(ended('rejected'))
  })
})

describe('ky’s own errors', () => {
  const dump = (error: unknown): string =>
    inspect(error, { depth: 9, showHidden: true, getters: true }) +
    JSON.stringify(error) +
    JSON.stringify(error, Object.getOwnPropertyNames(error))

  it.each<[string, Answer, (error: unknown) => boolean]>([
    ['HTTPError', answers.json({ message: 'Not found' }, 404), isHTTPError],
    ['HTTPError after retries', answers.status(503, { 'Retry-After': '0' }), isHTTPError],
    ['NetworkError', answers.reset, isNetworkError],
    ['TimeoutError', answers.never, isTimeoutError],
  ])('%s holds no token', async (_name, answer, isExpected) => {
    const { server, client, token } = await signedIn()
    server.answer('GET /api/notes', answer)
    const timeout = answer === answers.never ? 200 : 30_000
    const error = await failure(client.api('notes', { timeout, retry: { limit: 1, delay: () => 0 } }))
    expect(isExpected(error)).toBe(true)
    expect(server.received('GET /api/notes').at(-1)?.token).toBe(token)
    expect(dump(error)).not.toContain(token)
  })

  it('keep the parsed body', async () => {
    const { server, client } = await signedIn()
    server.answer('POST /api/notes', answers.json({ message: 'Too long' }, 422))
    const error = await failure(client.api.post('notes', { json: { text: 'x' } }))
    expect(isHTTPError(error) && error.data).toEqual({ message: 'Too long' })
  })
})

describe('a caller’s own signal', () => {
  it('aborts a request in flight, and the session goes on', async () => {
    const { server, client, token } = await signedIn()
    const arrived = deferred()
    const closed = deferred()
    server.answer('GET /api/notes', (response) => {
      arrived.resolve()
      response.on('close', closed.resolve)
    })
    const controller = new AbortController()
    const error = failure(client.api('notes', { signal: controller.signal }))
    await arrived.promise
    controller.abort(new Error('changed my mind'))
    expect(await error).toMatchObject({ message: 'changed my mind' })
    await closed.promise
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('aborts a retry that waits', async () => {
    const { server, client } = await signedIn()
    server.answer('GET /api/notes', answers.status(503))
    const { retry, waiting } = waitingRetry(60_000)
    const controller = new AbortController()
    const error = failure(client.api('notes', { retry, signal: controller.signal }))
    await waiting
    controller.abort(new Error('changed my mind'))
    expect(await error).toMatchObject({ message: 'changed my mind' })
    expect(server.received('GET /api/notes')).toHaveLength(1)
  })

  it('that is aborted already keeps the request from being sent', async () => {
    const sent = vi.fn((request: Request) => fetch(new Request(request, { signal: null })))
    const { server, client } = await signedIn({ fetch: sent })
    const { length } = sent.mock.calls
    const error = await failure(client.api('notes', { signal: AbortSignal.abort() }))
    expect(error).toMatchObject({ name: 'AbortError' })
    expect(sent).toHaveBeenCalledTimes(length)
    expect(server.received('GET /api/notes')).toEqual([])
  })

  it('works on a Request object and through `api.extend()`', async () => {
    const { server, client } = await signedIn()
    const arrived = [deferred(), deferred()] as const
    server.answer('GET /api/notes', () => arrived[0].resolve())
    server.answer('GET /api/tags', () => arrived[1].resolve())
    const controller = new AbortController()
    const { signal } = controller
    const errors = [
      failure(client.api(new Request(`${server.baseUrl}/notes`, { signal }))),
      failure(client.api.extend({ signal }).get('tags')),
    ]
    await Promise.all(arrived.map(({ promise }) => promise))
    controller.abort()
    expect(await Promise.all(errors)).toEqual([
      expect.objectContaining({ name: 'AbortError' }),
      expect.objectContaining({ name: 'AbortError' }),
    ])
  })

  it('does not keep the session’s end from aborting', async () => {
    const { server, client } = await signedIn()
    const arrived = deferred()
    server.answer('GET /api/notes', () => arrived.resolve())
    const error = failure(client.api('notes', { signal: new AbortController().signal }))
    await arrived.promise
    void client.logout()
    expect(await error).toEqual(ended('logout'))
  })
})

it('is a function like any other', async () => {
  const { client, sent } = recording()
  const { api } = client
  await Reflect.apply(api, undefined, ['applied', { method: 'post' }])
  await api.bind(undefined)('bound')
  await api.post.bind(api)('posted')
  expect(String(api)).toContain('function')
  expect(sent.map(({ url, authorization }) => `${new URL(url).pathname} ${authorization}`)).toEqual(
    ['applied', 'bound', 'posted'].map((path) => `/v1/${path} Bearer secret`),
  )
})

const responses: Record<string, (client: Client) => Promise<Response>> = {
  'a response': ({ api }) => api('notes'),
  'one that tells of its progress': ({ api }) => api('notes', { onDownloadProgress: () => {} }),
  'one that a hook has made': ({ api }) =>
    api('notes', {
      hooks: { afterResponse: [async ({ response }) => new Response(await response.text(), response)] },
    }),
}
const reads: Record<string, (response: Response) => Promise<unknown> | undefined> = {
  json: (response) => response.json(),
  'a clone': (response) => response.clone().text(),
  'a reader': (response) => response.body?.getReader().read(),
}

describe.each(Object.entries(responses))('%s', (_name, request) => {
  it.each(Object.entries(reads))('is read by %s in its session, and not after it', async (_how, read) => {
    const { client, server } = await signedIn()
    await expect(read(await request(client))).resolves.toBeDefined()
    const [first, second] = [await request(client), await request(client)]
    client.setSession(server.issue(bob.email))
    await expect(read(first)).rejects.toBeInstanceOf(SessionEndedError)
    void client.logout()
    await expect(read(second)).rejects.toBeInstanceOf(SessionEndedError)
  })
})
