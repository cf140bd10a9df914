import { inspect } from 'node:util'
import { dehydrate, QueryClient, useQuery } from '@tanstack/react-query'
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { createAuthClient, isRequestError, useAuth, useAuthClient, useLogin, useRegister } from 'signoff'
import { type Answer, answers, deferred, startApiServer, type TestUser } from '../support/apiServer.ts'
import { readStorage } from '../support/readStorage.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

type Options = Partial<Parameters<typeof makeClient>[0]>

const signedOut = async (options: Options = {}) => {
  const server = await startApiServer()
  const onSignOut = vi.fn()
  return { server, onSignOut, ...makeClient({ baseUrl: server.baseUrl, onSignOut, ...options }) }
}

const signedIn = async (options: Options = {}) => {
  const app = await signedOut(options)
  return { ...app, ...(await app.client.login(ada)) }
}

/** The error that a promise rejects with. */
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    (value) => expect.fail(`resolved with ${String(value)}`),
    (error: Error) => error,
  )

const nobody = { status: 'signed-out', user: null, token: null, reason: null }
const ended = (reason: string) => expect.objectContaining({ name: 'SessionEndedError', reason })

const user = (email: string): TestUser => ({ id: `id-of-${email}`, email })

describe.each([
  ['login', 'POST /api/auth/login'],
  ['register', 'POST /api/auth/register'],
] as const)('%s', (name, route) => {
  it('sends the details as JSON, resolves with user and token, and begins a session', async () => {
    const { server, client } = await signedOut()

    const session = await client[name](ada)

    expect(server.requests).toHaveLength(1)
    const [request] = server.received(route)
    expect(JSON.parse(request?.body ?? '')).toEqual(ada)
    expect(request?.headers['content-type']).toBe('application/json')
    expect(request?.token).toBeUndefined()
    expect(session).toEqual({ user: user(ada.email), token: [...server.sessions.keys()][0] })
    expect(client.getState()).toEqual({ status: 'signed-in', ...session })
    expect(readStorage(localStorage)).toEqual({ token: session.token })
  })

  it.each<[string, Answer, { code: string; status: number; message?: string; data?: unknown }]>([
    [
      '401 with a message',
      answers.json({ message: 'E-mail or password is wrong' }, 401),
      {
        code: 'http',
        status: 401,
        message: 'E-mail or password is wrong',
        data: { message: 'E-mail or password is wrong' },
      },
    ],
    [
      '422 with details',
      answers.json({ errors: { email: ['is taken'] } }, 422),
      { code: 'http', status: 422, data: { errors: { email: ['is taken'] } } },
    ],
    ['429', answers.status(429), { code: 'http', status: 429 }],
    ['500', answers.status(500), { code: 'http', status: 500 }],
    [
      'an HTML page',
      answers.text('<!doctype html><p>Hi', 'text/html'),
      { code: 'invalid-response', status: 200 },
    ],
    ['an HTML 502', answers.text('<h1>Bad gateway</h1>', 'text/html', 502), { code: 'http', status: 502 }],
    [
      'truncated JSON',
      answers.text('{"user":{', 'application/json'),
      { code: 'invalid-response', status: 200 },
    ],
    [
      'truncated JSON with 400',
      answers.text('{"mess', 'application/json', 400),
      { code: 'http', status: 400 },
    ],
    ['204', answers.status(204), { code: 'invalid-response', status: 204 }],
    ['an empty 200', answers.status(200), { code: 'invalid-response', status: 200 }],
    ['null', answers.json(null), { code: 'invalid-response', status: 200 }],
    ['a list', answers.json([]), { code: 'invalid-response', status: 200 }],
    ['a missing token', answers.json({ user: {} }), { code: 'invalid-response', status: 200 }],
    [
      'a token that is a number',
      answers.json({ user: {}, token: 5 }),
      { code: 'invalid-response', status: 200 },
    ],
    ['an empty token', answers.json({ user: {}, token: '' }), { code: 'invalid-response', status: 200 }],
    [
      'a token with a line break',
      answers.json({ user: {}, token: 'a\nb' }),
      { code: 'invalid-response', status: 200 },
    ],
    [
      'a token with a space',
      answers.json({ user: {}, token: 'a b' }),
      { code: 'invalid-response', status: 200 },
    ],
    [
      'a token with an umlaut',
      answers.json({ user: {}, token: 'ä' }),
      { code: 'invalid-response', status: 200 },
    ],
    [
      'a user that is a string',
      answers.json({ user: 'ada', token: 'a' }),
      { code: 'invalid-response', status: 200 },
    ],
    [
      'a user that is a list',
      answers.json({ user: [1], token: 'a' }),
      { code: 'invalid-response', status: 200 },
    ],
    ['a broken connection', answers.reset, { code: 'network', status: 0 }],
  ])('rejects with a RequestError for %s', async (_name, answer, expected) => {
    const { server, client } = await signedOut()
    server.answer(route, answer)

    const error = await failure(client[name](ada))

    expect(isRequestError(error)).toBe(true)
    expect(error).toMatchObject({ name: 'RequestError', ...expected })
    expect(error.message).not.toBe('')
    expect(server.received(route)).toHaveLength(1)
    expect(client.getState()).toEqual(nobody)
    expect({ ...localStorage }).toEqual({})
  })

  it('rejects with a timeout when the server never answers', async () => {
    const { server, client } = await signedOut({ timeout: 100 })
    server.answer(route, answers.never)
    const error = await failure(client[name](ada))
    expect(error).toMatchObject({
      name: 'RequestError',
      code: 'timeout',
      status: 0,
      statusText: '',
      data: undefined,
    })
  })

  it('rejects with a timeout when the body trickles in', async () => {
    const { server, client } = await signedOut({ timeout: 100 })
    server.answer(route, (response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.write('{"user"')
    })
    expect(await failure(client[name](ada))).toMatchObject({ name: 'RequestError', code: 'timeout' })
  })

  it('waits for as long as `timeout` says', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { client } = makeClient({
      baseUrl: 'https://api.example.com',
      timeout: 60_000,
      fetch: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50_000))
        return Response.json({ user: user(ada.email), token: 'token' })
      },
    })
    const session = client[name](ada)
    await vi.advanceTimersByTimeAsync(50_000)
    expect(await session).toEqual({ user: user(ada.email), token: 'token' })
  })

  it('follows no redirect, so that no other origin gets the password', async () => {
    const requests: Request[] = []
    const { server, client } = await signedOut({
      fetch: (request) => {
        requests.push(request)
        return fetch(request)
      },
    })
    const other = await startApiServer()
    server.answer(route, answers.status(307, { Location: `${other.baseUrl}/auth/${name}` }))
    expect(await failure(client[name](ada))).toMatchObject({
      name: 'RequestError',
      code: 'network',
      status: 0,
    })
    expect(requests.map(({ redirect }) => redirect)).toEqual(['error'])
    expect(other.requests).toEqual([])
  })

  it('says where it failed when the body has no message', async () => {
    const { server, client } = await signedOut()
    server.answer(route, answers.status(500))
    expect((await failure(client[name](ada))).message).toContain(`auth/${name}`)
  })

  it('leaves the session that is on alone when it fails', async () => {
    const { server, client, token } = await signedIn()
    const state = client.getState()
    await failure(client[name]({ ...bob, password: 'wrong' }))
    expect(client.getState()).toBe(state)
    expect(localStorage.getItem('token')).toBe(token)
    expect(server.sessions.has(token)).toBe(true)
  })
})

describe.each([
  ['useLogin', useLogin, 'POST /api/auth/login'],
  ['useRegister', useRegister, 'POST /api/auth/register'],
] as const)('%s', (_name, useSession, route) => {
  it('takes the options of useMutation and runs every callback', async () => {
    const { client, queryClient } = await signedOut()
    const called: string[] = []
    const note = (name: string) => () => void called.push(name)
    const App = () => {
      const mutation = useSession({
        mutationKey: ['enter'],
        meta: { public: false },
        onMutate: note('onMutate'),
        onSuccess: note('onSuccess'),
        onError: note('onError'),
        onSettled: note('onSettled'),
      })
      const click = () =>
        mutation.mutate(ada, { onSuccess: note('mutate’s onSuccess'), onSettled: note('mutate’s onSettled') })
      return <button onClick={click}>{mutation.data ? JSON.stringify(mutation.data) : 'Enter'}</button>
    }
    renderApp({ client, queryClient }, <App />)

    fireEvent.click(screen.getByRole('button'))
    expect(queryClient.getMutationCache().find({ mutationKey: ['enter'] })?.meta).toEqual({ public: false })

    await waitFor(() => expect(client.getState().status).toBe('signed-in'))
    const { token } = client.getState()
    expect(await screen.findByText(JSON.stringify({ user: user(ada.email), token }))).toBeDefined()
    expect(called).toEqual(['onMutate', 'onSuccess', 'onSettled', 'mutate’s onSuccess', 'mutate’s onSettled'])
  })

  it('runs the callbacks of a failure with the error, after the retries that were asked for', async () => {
    const { server, ...app } = await signedOut()
    server.answer(route, answers.json({ message: 'Try later' }, 503))
    const onError = vi.fn()
    const onSettled = vi.fn()
    const App = () => {
      const { mutate, error } = useSession({ retry: 1, retryDelay: 0, onError, onSettled })
      return <button onClick={() => mutate(ada)}>{error?.message ?? 'Enter'}</button>
    }
    renderApp(app, <App />)
    fireEvent.click(screen.getByRole('button'))
    await screen.findByText('Try later')
    expect(server.received(route)).toHaveLength(2)
    for (const callback of [onError, onSettled]) expect(callback).toHaveBeenCalledOnce()
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ name: 'RequestError', status: 503 })
  })

  it('lets no caller replace the function', async () => {
    const { client, queryClient } = await signedOut()
    const mutationFn = vi.fn()
    const App = () => {
      const { mutate } = useSession({ mutationFn } as object)
      return <button onClick={() => mutate(ada)}>Enter</button>
    }
    renderApp({ client, queryClient }, <App />)
    fireEvent.click(screen.getByRole('button'))
    await waitFor(() => expect(client.getState().status).toBe('signed-in'))
    expect(mutationFn).not.toHaveBeenCalled()
  })

  it.each([
    ['success', answers.json({ user: user(ada.email), token: 'token' }), 'success'],
    ['failure', answers.json({ message: `${ada.password} is wrong`, sent: ada }, 401), 'error'],
    ['a broken connection', answers.reset, 'error'],
  ] as const)('keeps no password after %s', async (_case, answer, status) => {
    const { server, ...app } = await signedOut()
    const answered = deferred()
    server.answer(route, async (response, request) => {
      await answered.promise
      answer(response, request)
    })
    let mutation!: ReturnType<typeof useLogin>
    const App = () => {
      mutation = useSession()
      return <p>{mutation.status}</p>
    }
    renderApp(app, <App />)
    const dump = () => ({
      cache: inspect(app.queryClient.getMutationCache().getAll(), { depth: 9, showHidden: true }),
      dehydrated: JSON.stringify(dehydrate(app.queryClient, { shouldDehydrateMutation: () => true })),
      result: inspect(mutation, { depth: 9, showHidden: true }),
    })
    act(() => mutation.mutate(ada))
    await screen.findByText('pending')
    expect(dump().cache).toContain(ada.password)

    answered.resolve()
    await screen.findByText(status)

    expect(mutation.variables).toBeUndefined()
    const { cache, dehydrated, result } = dump()
    expect(cache).not.toContain(ada.password)
    expect(dehydrated).not.toContain(ada.password)
    expect(result).not.toContain(ada.password)
  })

  it('keeps nothing in the mutation cache after its component has gone', async () => {
    const { server: _server, ...app } = await signedOut()
    const App = () => {
      const { mutate, status } = useSession()
      return <button onClick={() => mutate(ada)}>{status}</button>
    }
    const { unmount } = renderApp(app, <App />)
    fireEvent.click(screen.getByRole('button'))
    await screen.findByText('success')
    unmount()
    await waitFor(() => expect(app.queryClient.getMutationCache().getAll()).toEqual([]))
  })
})

describe('an error', () => {
  const dump = (error: Error) =>
    error.message + JSON.stringify(error) + inspect(error, { depth: 9, showHidden: true, getters: true })

  const nested = { user: { email: ada.email, password: ada.password } }
  const quoted = { email: ada.email, password: 'say "friend"\\n & enter' }

  it.each<[string, object, string, Answer]>([
    ['in the message', ada, ada.password, answers.json({ message: `“${ada.password}” is wrong` }, 401)],
    ['in the data', ada, ada.password, answers.json({ sent: { deep: [ada] } }, 422)],
    ['as a key of the data', ada, ada.password, answers.json({ [ada.password]: ['is wrong'] }, 422)],
    ['as text', ada, ada.password, answers.text(`wrong: ${ada.password}`, 'text/plain', 400)],
    ['as text with 200', ada, ada.password, answers.text(ada.password, 'application/json')],
    [
      'in truncated JSON',
      ada,
      ada.password,
      answers.text(`{"sent":"${ada.password}`, 'application/json', 422),
    ],
    ['in a session without token', ada, ada.password, answers.json({ user: ada })],
    ['as a token that cannot be one', ada, ada.password, answers.json({ token: ada.password })],
    [
      'that was nested',
      nested,
      ada.password,
      answers.json({ message: `${ada.password} is wrong`, ...nested }, 422),
    ],
    ['with quotes', quoted, quoted.password, answers.json({ message: quoted.password, sent: quoted }, 422)],
    [
      'that is a number',
      { pin: 1, password: 83_957_162 },
      '83957162',
      answers.json({ sent: 83_957_162 }, 422),
    ],
  ])('holds no password that the server echoes %s', async (_name, credentials, password, answer) => {
    const server = await startApiServer()
    const client = createAuthClient({ baseUrl: server.baseUrl, queryClient: new QueryClient() })
    server.answer('POST /api/auth/login', answer)

    const error = await failure(client.login(credentials))

    expect(isRequestError(error)).toBe(true)
    expect(dump(error)).not.toContain(password)
    expect(dump(error)).not.toContain(JSON.stringify(password).slice(1, -1))
  })

  it('keeps what else the server says of a field', async () => {
    const { server, client } = await signedOut()
    server.answer(
      'POST /api/auth/register',
      answers.json({ message: 'Bad', errors: { password: ['is too short'] } }, 422),
    )
    expect(await failure(client.register(ada))).toMatchObject({
      data: { errors: { password: ['is too short'] } },
    })
  })

  it('of a user that the schema refuses holds neither password nor token', async () => {
    const server = await startApiServer()
    const userSchema = z.object({ id: z.string(), age: z.number() })
    const client = createAuthClient({ baseUrl: server.baseUrl, queryClient: new QueryClient(), userSchema })
    server.answer(
      'POST /api/auth/login',
      answers.json({ user: { ...ada, age: ada.password }, token: 'the-token' }),
    )
    const error = await failure(client.login(ada))
    expect(error).toMatchObject({ code: 'invalid-response', status: 200 })
    expect(dump(error)).not.toContain(ada.password)
    expect(dump(error)).not.toContain('the-token')
    expect(client.getState()).toEqual(nobody)
  })

  it('of a parser that throws holds neither password nor token', async () => {
    const { server, client } = await signedOut({
      parseSession: (body) => {
        throw new Error(JSON.stringify(body))
      },
    })
    server.answer('POST /api/auth/login', answers.json({ ...ada, token: 'the-token' }))
    const error = await failure(client.login(ada))
    expect(error).toMatchObject({ name: 'RequestError', code: 'invalid-response' })
    expect(dump(error)).not.toContain(ada.password)
    expect(dump(error)).not.toContain('the-token')
  })
})

/** Logins that are answered when, and in the order that, the test wants. */
const holdLogins = (server: Awaited<ReturnType<typeof startApiServer>>) => {
  const held = new Map<string, (answer?: Answer) => void>()
  server.answer('POST /api/auth/login', (response, request) => {
    const { email } = JSON.parse(request.body) as { email: string }
    const session = server.issue(email)
    held.set(email, (answer = answers.json(session)) => answer(response, request))
  })
  return {
    arrived: (...emails: string[]) =>
      vi.waitFor(() => expect([...held.keys()].sort()).toEqual(emails.sort())),
    answer: (email: string) => held.get(email)?.(),
    refuse: (email: string) => held.get(email)?.(answers.json({ message: 'Used already' }, 401)),
    token: (email: string) => [...server.sessions].find(([, owner]) => owner.email === email)?.[0],
  }
}

describe('two logins under way', () => {
  const startBoth = async () => {
    const { server, client } = await signedOut()
    const logins = holdLogins(server)
    const first = client.login(ada)
    const second = client.login(bob)
    first.catch(() => {})
    second.catch(() => {})
    await logins.arrived(ada.email, bob.email)
    const [firstToken = '', secondToken = ''] = [ada, bob].map(({ email }) => logins.token(email))
    return { server, client, logins, first, second, firstToken, secondToken }
  }

  it('end with the last called, which takes over from the first where that is answered before', async () => {
    const { server, client, logins, first, second, firstToken, secondToken } = await startBoth()
    logins.answer(ada.email)
    expect(await first).toMatchObject({ token: firstToken })
    logins.answer(bob.email)
    expect(await second).toMatchObject({ token: secondToken })
    expect(client.getState()).toMatchObject({ user: { email: bob.email }, token: secondToken })
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([secondToken]))
    expect(server.received('POST /api/auth/logout').map(({ token }) => token)).toEqual([firstToken])
  })

  it('end with the last called where the first is answered after it, and is dropped', async () => {
    const { server, client, logins, first, second, firstToken, secondToken } = await startBoth()
    logins.answer(bob.email)
    await second
    logins.answer(ada.email)
    await expect(first).rejects.toEqual(ended('replaced'))
    expect(client.getState()).toMatchObject({ user: { email: bob.email }, token: secondToken })
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([secondToken]))
    expect(server.received('POST /api/auth/logout').map(({ token }) => token)).toEqual([firstToken])
  })

  it.each([
    ['before', [bob, ada]],
    ['after', [ada, bob]],
  ])('end with the first where the last fails %s it is answered', async (_name, order) => {
    const { server, client, logins, first, second, firstToken } = await startBoth()
    for (const { email } of order) {
      if (email === bob.email) logins.refuse(email)
      else logins.answer(email)
      await (email === ada.email ? first : second.catch(() => {}))
    }
    await expect(second).rejects.toMatchObject({ name: 'RequestError', status: 401 })
    expect(await first).toMatchObject({ token: firstToken })
    expect(client.getState()).toMatchObject({ user: { email: ada.email }, token: firstToken })
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })

  it('end with none where a logout comes, whichever is answered', async () => {
    const { server, client, logins, first, second } = await startBoth()
    await client.logout()
    for (const { email } of [ada, bob]) logins.answer(email)
    await expect(first).rejects.toEqual(ended('logout'))
    await expect(second).rejects.toEqual(ended('logout'))
    expect(client.getState().status).toBe('signed-out')
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([]))
  })

  it('end with a session that was set by hand meanwhile', async () => {
    const { server, client } = await signedOut()
    const logins = holdLogins(server)
    const login = failure(client.login(ada))
    await logins.arrived(ada.email)
    const session = server.issue(bob.email)
    client.setSession(session)
    logins.answer(ada.email)
    expect(await login).toEqual(ended('replaced'))
    expect(client.getState()).toEqual({ status: 'signed-in', ...session })
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([session.token]))
  })
})

describe('a login that comes back after logout', () => {
  it.each([
    ['nobody was', signedOut],
    ['somebody was', signedIn],
  ] as const)('is dropped and its token revoked where %s signed in', async (_name, start) => {
    const { server, client } = await start()
    const logins = holdLogins(server)
    const login = failure(client.login(bob))
    await logins.arrived(bob.email)
    await client.logout()
    const state = client.getState()

    logins.answer(bob.email)

    expect(await login).toEqual(ended('logout'))
    expect(client.getState()).toBe(state)
    expect(state.status).toBe('signed-out')
    expect({ ...localStorage }).toEqual({})
    await vi.waitFor(() => expect([...server.sessions]).toEqual([]))
  })
})

describe('a login that replaces a session', () => {
  it('revokes the old token, forgets the old data and tells onSignOut `replaced`', async () => {
    const { server, client, queryClient, onSignOut, ...old } = await signedIn()
    queryClient.setQueryData(['notes'], ['private note of ada'])
    queryClient.setQueryData(['draft'], 'private draft of ada')
    localStorage.setItem('draft', 'private')

    const { token } = await client.login(bob)

    expect(JSON.stringify(dehydrate(queryClient))).not.toContain('ada')
    expect(readStorage(localStorage)).toEqual({ token })
    expect(client.getState()).toEqual({ status: 'signed-in', user: user(bob.email), token })
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([token]))
    expect(server.received('POST /api/auth/logout').map((request) => request.token)).toEqual([old.token])
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
    expect(onSignOut.mock.calls).toEqual([[{ reason: 'replaced', user: old.user }]])
  })

  it('does not revoke the token when the API hands out the same one again', async () => {
    const { server, client, token } = await signedIn()
    server.answer('POST /api/auth/login', answers.json({ user: user(ada.email), token }))
    expect(await client.login(ada)).toEqual({ user: user(ada.email), token })
    expect(localStorage.getItem('token')).toBe(token)
    expect(await client.api('notes').json()).toEqual([`private note of ${ada.email}`])
    // A revocation would have come before this one.
    await client.logout()
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it('does not revoke a late login’s token that the current session has as well', async () => {
    const { server, client, token } = await signedIn()
    const answered = deferred()
    server.answer('POST /api/auth/login', async (response, request) => {
      await answered.promise
      answers.json({ user: user(ada.email), token })(response, request)
    })
    const late = failure(client.login(ada))
    client.setSession({ user: user(ada.email), token })
    answered.resolve()
    expect(await late).toEqual(ended('replaced'))
    expect(await client.api('notes').json()).toEqual([`private note of ${ada.email}`])
    await client.logout()
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })
})

describe('setSession', () => {
  it('begins a session at once, without a request', async () => {
    const { server, client, queryClient } = await signedOut()
    const session = server.issue(ada.email)
    client.setSession(session)
    expect(client.getState()).toEqual({ status: 'signed-in', ...session })
    expect(readStorage(localStorage)).toEqual({ token: session.token })
    expect(queryClient.getQueryData(client.userOptions.queryKey)).toEqual(session.user)
    expect(server.requests).toEqual([])
    expect(await client.api('notes').json()).toEqual([`private note of ${ada.email}`])
  })

  it('replaces a session and revokes its token', async () => {
    const { server, client, onSignOut, ...old } = await signedIn()
    const session = server.issue(bob.email)
    client.setSession(session)
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([session.token]))
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalledWith({ reason: 'replaced', user: old.user }))
  })

  it.each([[''], ['line\nbreak'], ['two words'], ['undefined'], [undefined]])(
    'throws a TypeError for the token %j and leaves the session alone',
    async (token) => {
      const { client } = await signedIn()
      const state = client.getState()
      const set = () => client.setSession({ user: user(bob.email), token: token as string })
      expect(set).toThrow(TypeError)
      expect(client.getState()).toBe(state)
    },
  )

  it('throws an error that does not quote the token', async () => {
    const { client } = await signedOut()
    expect(() => client.setSession({ user: user(ada.email), token: 'secret one' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })

  it('with the token that is on ends that session as replaced all the same', async () => {
    const { client, onSignOut, token } = await signedIn()
    client.setSession({ user: user(bob.email), token })
    await vi.waitFor(() =>
      expect(onSignOut.mock.calls).toEqual([[{ reason: 'replaced', user: user(ada.email) }]]),
    )
    expect(client.getState()).toEqual({ status: 'signed-in', user: user(bob.email), token })
  })
})

describe('an API of another shape', () => {
  it('is understood through `parseSession` and `parseUser`', async () => {
    const { server, client, queryClient } = await signedOut({
      parseSession: (body) => {
        const { data } = body as { data: { jwt: string; profile: unknown } }
        return { token: data.jwt, user: data.profile }
      },
      parseUser: (body) => (body as { profile: unknown }).profile,
    })
    const { token } = server.issue(ada.email)
    server.answer('POST /api/auth/login', answers.json({ data: { jwt: token, profile: user(ada.email) } }))
    server.answer('GET /api/auth/user', answers.json({ profile: user('ada@new.example') }))

    expect(await client.login(ada)).toEqual({ user: user(ada.email), token })
    await queryClient.fetchQuery(client.userOptions)

    expect(client.getState()).toEqual({ status: 'signed-in', user: user('ada@new.example'), token })
  })

  it('that hands out nothing but a token and then refuses it fails the login as a rejection', async () => {
    const { server, client } = await signedOut({
      parseSession: (body) => ({ token: (body as { access_token: string }).access_token }),
      parseUser: () => null,
    })
    const { token } = server.issue(ada.email)
    server.answer('POST /api/auth/login', answers.json({ access_token: token }))

    await expect(client.login(ada)).rejects.toMatchObject({ name: 'SessionEndedError', reason: 'rejected' })
    expect(client.getState()).toEqual(nobody)
  })

  it('that hands out nothing but a token is asked for the user with it', async () => {
    const { server, client } = await signedOut({
      parseSession: (body) => ({ token: (body as { access_token: string }).access_token }),
    })
    const { token } = server.issue(ada.email)
    server.answer('POST /api/auth/login', answers.json({ access_token: token, token_type: 'bearer' }))

    expect(await client.login(ada)).toEqual({ user: user(ada.email), token })

    expect(server.received('GET /api/auth/user').map((request) => request.token)).toEqual([token])
    expect(client.getState()).toEqual({ status: 'signed-in', user: user(ada.email), token })
  })

  it.each([
    [
      'refuses it',
      answers.json({ message: 'Unauthorized' }, 401),
      { name: 'SessionEndedError', reason: 'rejected' },
    ],
    ['fails', answers.json({ message: 'Oops' }, 422), { name: 'RequestError', status: 422, message: 'Oops' }],
  ])(
    'that hands out nothing but a token, and then %s, begins no session',
    async (_name, answer, expected) => {
      const { server, client } = await signedOut()
      const { token } = server.issue(ada.email)
      server.answer('POST /api/auth/login', answers.json({ token }))
      server.answer('GET /api/auth/user', answer)
      expect(await failure(client.login(ada))).toMatchObject(expected)
      expect(client.getState()).toEqual(nobody)
      expect({ ...localStorage }).toEqual({})
    },
  )

  it('whose user endpoint fails after a login has the token that it handed out revoked', async () => {
    const { server, client } = await signedOut()
    const { token } = server.issue(ada.email)
    server.answer('POST /api/auth/login', answers.json({ token }))
    server.answer('GET /api/auth/user', answers.json({ message: 'Oops' }, 422))

    await failure(client.login(ada))

    await waitFor(() => expect(server.sessions.has(token)).toBe(false))
  })

  it('has its users validated, and typed, by `userSchema`', async () => {
    const server = await startApiServer()
    const userSchema = z.object({
      id: z.string(),
      email: z.string().transform((email) => email.toUpperCase()),
    })
    const queryClient = new QueryClient()
    const client = createAuthClient({ baseUrl: server.baseUrl, queryClient, userSchema })

    const session = await client.login(ada)
    const email: string = session.user.email

    expect(email).toBe('ADA@EXAMPLE.COM')
    expect((await queryClient.fetchQuery(client.userOptions)).email).toBe('ADA@EXAMPLE.COM')
    expect(client.getState().user).toEqual({ id: `id-of-${ada.email}`, email: 'ADA@EXAMPLE.COM' })
  })

  it('is reached at its `endpoints`, with their method and body', async () => {
    const { server, client, queryClient } = await signedOut({
      endpoints: {
        login: { path: 'session', method: 'PUT', body: { device: 'web', email: 'default' } },
        register: '/people',
        user: { path: 'session/me', method: 'POST', body: {} },
        logout: { path: 'sign-out', method: 'POST', body: {} },
      },
    })
    server.answer('PUT /api/session', answers.json(server.issue(ada.email)))
    server.answer('POST /api/session/me', answers.json(user(ada.email)))
    server.answer('POST /api/sign-out', answers.json({ success: true }))
    server.answer('POST /api/people', answers.json(server.issue(bob.email)))

    const { token } = await client.login(ada)
    await queryClient.fetchQuery(client.userOptions)
    expect(await client.logout()).toMatchObject({ status: 200, revoked: true })
    await client.register(bob)

    expect(
      server.requests.map(({ method, path, body, token: sent }) => [
        method,
        path,
        body && JSON.parse(body),
        sent,
      ]),
    ).toEqual([
      ['PUT', '/api/session', { device: 'web', ...ada }, undefined],
      ['POST', '/api/session/me', {}, token],
      ['POST', '/api/sign-out', {}, token],
      ['POST', '/api/people', bob, undefined],
    ])
  })

  it('is reached at a `baseUrl` that is a path of the page’s own origin', async () => {
    const sent: string[] = []
    // As in a browser, where addresses are relative to the page; Node's own knows no page.
    class BrowserRequest extends Request {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, window.location.href) : input, init)
      }
    }
    vi.stubGlobal('Request', BrowserRequest)
    const { client } = makeClient({
      baseUrl: '/query/v1/KEY',
      fetch: async (request) => {
        sent.push(`${request.url} ${request.headers.get('Authorization')}`)
        return Response.json({ user: user(ada.email), token: 'token' })
      },
    })
    await client.login(ada)
    await client.api('notes')
    await client.api('/other', { baseUrl: '/query/v1/KEYS/' })
    vi.unstubAllGlobals()
    const { origin } = window.location
    expect(sent).toEqual([
      `${origin}/query/v1/KEY/auth/login null`,
      `${origin}/query/v1/KEY/notes Bearer token`,
      `${origin}/query/v1/KEYS/other null`,
    ])
  })
})

describe('private queries that are mounted', () => {
  const Page = () => {
    const { api } = useAuthClient()
    const status = useAuth((state) => state.status)
    const notes = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
    const news = useQuery({
      queryKey: ['news'],
      queryFn: async () => ['public news'],
      meta: { public: true },
    })
    return <p>{[status, notes.data ?? 'no notes', news.data ?? 'no news'].join(', ')}</p>
  }

  it.each<[string, (client: ReturnType<typeof makeClient>['client']) => Promise<unknown>]>([
    ['login', (client) => client.login(ada)],
    ['register', (client) => client.register(ada)],
  ])('are fetched when %s begins a session', async (_name, enter) => {
    const { server, client, queryClient } = await signedOut()
    renderApp({ client, queryClient }, <Page />)
    await screen.findByText('signed-out, no notes, public news')
    expect(server.received('GET /api/notes')).toEqual([])

    const entered = enter(client)
    await screen.findByText(`signed-in, private note of ${ada.email}, public news`)

    await entered
    expect(server.received('GET /api/notes')).toHaveLength(1)
  })

  it('are fetched for the next user after the one before, who leaves nothing on screen', async () => {
    const { server: _server, client, queryClient } = await signedIn()
    renderApp({ client, queryClient }, <Page />)
    await screen.findByText(`signed-in, private note of ${ada.email}, public news`)
    await act(() => client.logout())
    expect(screen.getByText('signed-out, no notes, public news')).toBeDefined()
    const entered = client.login(bob)
    await screen.findByText(`signed-in, private note of ${bob.email}, public news`)
    await entered
  })
})

it('tells as cause why the network failed, and nothing that an app’s own `fetch` hangs on its error', async () => {
  const server = await startApiServer()
  let isDown = false
  const { client } = makeClient({
    baseUrl: server.baseUrl,
    fetch: async (request) => {
      if (!isDown) return fetch(request)
      const body = await request.text()
      const details = { request, body, token: request.headers.get('Authorization') }
      throw Object.assign(new TypeError('fetch failed', { cause: details }), details)
    },
  })
  const { token } = await client.login(ada)
  isDown = true

  const refused = await failure(client.login(bob))
  const { error: unsent } = await client.logout()

  for (const error of [refused, unsent]) {
    expect(error).toMatchObject({ name: 'RequestError', code: 'network' })
    expect(error?.cause).toMatchObject({ name: 'TypeError', message: 'fetch failed' })
    const shown = inspect(error, { depth: 9 }) + JSON.stringify(error)
    expect(shown).not.toContain(bob.password)
    expect(shown).not.toContain(token)
  }
})
