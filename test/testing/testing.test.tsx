import { onlineManager, useMutation, useQuery } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  createAuthClient,
  isRequestError,
  memoryStorage,
  SignedIn,
  SignedOut,
  useAuth,
  useAuthClient,
  useLogin,
  useLogout,
  useUser,
} from 'signoff'
import { createTestApi, createTestAuthClient, type TestApi } from 'signoff/testing'

interface User {
  id: string
  name: string
}

const ada: User = { id: '1', name: 'Ada' }
const bob: User = { id: '2', name: 'Bob' }

const Status = () => {
  const state = useAuth()
  const reason = state.status === 'signed-out' ? state.reason : null
  return <output>{`${state.status} ${String(state.user?.['name'] ?? reason)}`}</output>
}

const Notes = () => {
  const { api } = useAuthClient()
  const notes = useQuery({
    queryKey: ['notes'],
    queryFn: ({ signal }) => api.get('notes', { signal }).json<string[]>(),
  })
  if (notes.isError) return <p role="alert">{notes.error.message}</p>
  return <p>{notes.data?.join() ?? 'no notes'}</p>
}

const LogoutButton = () => {
  const logout = useLogout()
  const error = isRequestError(logout.data?.error) ? logout.data.error.code : 'none'
  return (
    <>
      <button onClick={() => logout.mutate()}>Log out</button>
      {logout.data && <p>{`status ${logout.data.status} revoked ${logout.data.revoked} error ${error}`}</p>}
    </>
  )
}

/** Ada is signed in, and her notes are at an API that also lets her log in again. */
const signInAda = () => {
  const api = createTestApi({ user: ada })
  api.on('GET notes', ({ user }) => [`a note of ${user?.name}`])
  const authClient = createTestAuthClient({ api, user: ada })
  render(
    <>
      <Status />
      <Notes />
      <LogoutButton />
    </>,
    { wrapper: authClient.wrapper },
  )
  return { api, authClient }
}

const routesOf = (api: TestApi<User>) => api.requests.map(({ method, path }) => `${method} ${path}`)
const status = () => screen.getByRole('status').textContent

describe('a test client', () => {
  it('is signed in at the first render, without restoring and without a request', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch')
    const seen: string[] = []
    const Record = () => {
      seen.push(useAuth((state) => state.status))
      return useUser()?.['name'] as string
    }
    const api = createTestApi({ user: bob })
    const { wrapper } = createTestAuthClient({ api, user: ada })
    const { container } = render(
      <SignedIn>
        <Record />
      </SignedIn>,
      { wrapper },
    )
    expect(container.textContent).toBe('Ada')
    expect(new Set(seen)).toEqual(new Set(['signed-in']))
    // What the client does of its own accord it does in the tasks that follow.
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(api.requests).toEqual([])
    expect(fetch).not.toHaveBeenCalled()
  })

  it('is signed out where no user is given', () => {
    const { wrapper } = createTestAuthClient()
    render(<SignedOut>Who are you?</SignedOut>, { wrapper })
    expect(screen.getByText('Who are you?')).toBeDefined()
  })

  it('has a token that its API accepts, and keeps it out of the web storages', async () => {
    const api = createTestApi<User>()
    const authClient = createTestAuthClient({ api, user: ada })
    expect(api.sessions).toEqual([{ user: ada, token: authClient.getState().token }])
    await expect(authClient.queryClient.fetchQuery(authClient.userOptions)).resolves.toEqual(ada)
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
  })

  it('is the client that its wrapper provides, with an API of its own where it is given none', async () => {
    const authClient = createTestAuthClient({ user: ada })
    let found: unknown
    const Find = () => {
      found = useAuthClient()
      return null
    }
    render(<Find />, authClient)
    expect(found).toBe(authClient)
    await expect(authClient.logout()).resolves.toMatchObject({ user: ada, status: 200, revoked: true })
    await expect(authClient.login({})).resolves.toMatchObject({ user: ada })
  })

  it('takes the options of createAuthClient', async () => {
    const storage = memoryStorage()
    const onSignOut = vi.fn()
    const authClient = createTestAuthClient({ user: ada, storage, onSignOut })
    expect(storage.get()).toBe(authClient.getState().token)
    await authClient.logout()
    expect(storage.get()).toBeNull()
    await waitFor(() => expect(onSignOut).toHaveBeenCalledExactlyOnceWith({ reason: 'logout', user: ada }))
  })

  it('has a cache that sets no timers, which would keep a process alive', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { queryClient } = createTestAuthClient()
    await queryClient.fetchQuery({ queryKey: ['notes'], queryFn: () => [] })
    const options = queryClient.defaultMutationOptions({ mutationFn: async () => 'saved' })
    await queryClient.getMutationCache().build(queryClient, options).execute(undefined)
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('restores a stored token where the test wants to see that', async () => {
    const api = createTestApi<User>()
    const storage = memoryStorage()
    storage.set(api.createSession(ada).token)
    api.hang()
    render(<Status />, createTestAuthClient({ api, storage }))
    expect(status()).toBe('restoring null')
    api.recover()
    await waitFor(() => expect(status()).toBe('signed-in Ada'))
  })
})

describe('a test API', () => {
  it('logs in and out as the contract says: the token is live until the logout, then dead', async () => {
    const { api, authClient } = signInAda()
    await screen.findByText('a note of Ada')
    const { token } = authClient.getState()

    fireEvent.click(screen.getByText('Log out'))
    expect(status()).toBe('signed-out logout')
    await screen.findByText('status 200 revoked true error none')
    expect(api.sessions).toEqual([])
    const init = { headers: { Authorization: `Bearer ${token}` } }
    const response = await api.fetch(`${api.baseUrl}/notes`, init)
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"')
    await expect(response.json()).resolves.toEqual({ message: 'The token is invalid.' })

    await authClient.login({ email: 'ada@example.com' })
    expect(authClient.getState().token).not.toBe(token)
    await screen.findByText('a note of Ada')
    expect(api.sessions).toHaveLength(1)
  })

  it.each(['login', 'register'] as const)('answers a %s of nobody with 401', async (name) => {
    const authClient = createTestAuthClient()
    await expect(authClient[name]({})).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('createTestApi({ user })') as unknown,
    })
    expect(authClient.getState().status).toBe('signed-out')
  })

  it.each([
    ['GET', 'auth/user'],
    ['POST', 'auth/logout'],
  ])('answers %s %s without a token with 401', async (method, path) => {
    const { fetch, baseUrl } = createTestApi({ user: ada })
    await expect(fetch(`${baseUrl}/${path}`, { method })).resolves.toMatchObject({ status: 401 })
  })

  it('lets a route of its own be answered by the test', async () => {
    const api = createTestApi({ user: ada })
    const credentials = { email: 'bob@example.com', password: 'wrong' }
    api.on('POST auth/login', ({ body }) =>
      (body as typeof credentials).password === 'right'
        ? api.createSession(bob)
        : Response.json({ message: 'Wrong password' }, { status: 401 }),
    )
    const authClient = createTestAuthClient({ api })
    await expect(authClient.login(credentials)).rejects.toThrow('Wrong password')
    await authClient.login({ ...credentials, password: 'right' })
    expect(authClient.getState().user).toEqual(bob)
  })

  it('answers a value as JSON, undefined as 204 and a response as it is; the last route wins', async () => {
    const api = createTestApi({ user: ada })
    api.on('GET notes/:id', ({ params, searchParams }) => ({ id: params.id, page: searchParams.get('page') }))
    api.on('GET /notes/new', () => 'a draft')
    api.on('DELETE notes/:id', () => undefined)
    api.on('GET text', () => new Response('plain', { status: 203 }))
    const { api: http } = createTestAuthClient({ api, user: ada })
    await expect(http.get('notes/a%2Fb?page=2').json()).resolves.toEqual({ id: 'a/b', page: '2' })
    await expect(http.get('notes/new').json()).resolves.toBe('a draft')
    await expect(http.delete('notes/1')).resolves.toMatchObject({ status: 204 })
    const response = await http.get('text')
    expect([response.status, await response.text()]).toEqual([203, 'plain'])
    api.on('GET notes/:id', () => 'again')
    await expect(http.get('notes/new').json()).resolves.toBe('again')
  })

  it('answers a logout with who was logged out, and the token that is now dead', async () => {
    const api = createTestApi<User>()
    const { token } = api.createSession(ada)
    const headers = { Authorization: `Bearer ${token}` }
    const response = await api.fetch(`${api.baseUrl}/auth/logout`, { method: 'POST', headers })
    await expect(response.json()).resolves.toEqual({ user: ada, token })
    expect(api.createSession(ada).token).not.toBe(token)
  })

  it('answers 404 where it knows no route, and says which one to add', async () => {
    const api = createTestApi({ user: ada })
    api.on('GET notes/:id', () => 'a note')
    api.on('GET notes/1', () => 'the first note')
    const { api: http } = createTestAuthClient({ api, user: ada })
    await expect(http.get('notes')).rejects.toMatchObject({
      response: { status: 404 },
      data: { message: 'Nothing answers GET notes.' },
    })
    expect(api.requests[0]?.params).toEqual({})
    vi.mocked(console.warn).mockClear()
    await expect(http.get('notes/1/tags')).rejects.toMatchObject({ response: { status: 404 } })
    expect(vi.mocked(console.warn).mock.calls).toEqual([
      ["signoff/testing: nothing answers GET notes/1/tags. Add it: api.on('GET notes/1/tags', () => …)"],
    ])
    vi.mocked(console.warn).mockClear()
  })

  it('rejects with what a handler throws', async () => {
    const api = createTestApi({ user: ada })
    api.on('GET notes', () => {
      throw new Error('a fault of the test')
    })
    const { api: http } = createTestAuthClient({ api, user: ada })
    await expect(http.get('notes')).rejects.toThrow('a fault of the test')
  })

  it('records requests with whose they are, and without their tokens', async () => {
    const api = createTestApi({ user: bob })
    api.on('POST notes/:id', () => null)
    api.on('GET news', () => [])
    const authClient = createTestAuthClient({ api, user: ada })
    await authClient.api.post('notes/7?draft=1', { json: { text: 'milk' }, headers: { 'X-Trace': 'on' } })
    await api.fetch(new URL(`${api.baseUrl}/news`))
    await api.fetch(`${api.baseUrl}/news`, { method: 'GET', headers: { Authorization: 'Bearer unknown' } })
    await authClient.login({ email: 'bob@example.com' })
    // The login has replaced Ada's session, whose token is then revoked.
    await waitFor(() => expect(api.requests).toHaveLength(5))

    expect(api.requests).toMatchObject([
      { method: 'POST', path: 'notes/7', params: { id: '7' }, body: { text: 'milk' }, user: ada },
      { method: 'GET', path: 'news', body: undefined, user: null },
      { method: 'GET', path: 'news', user: null },
      { method: 'POST', path: 'auth/login', body: { email: 'bob@example.com' }, user: null },
      { method: 'POST', path: 'auth/logout', user: ada },
    ])
    const [first] = api.requests
    expect(first?.searchParams.get('draft')).toBe('1')
    expect(first?.headers.get('X-Trace')).toBe('on')
    const entries = api.requests.map((request) => ({ ...request, headers: [...request.headers] }))
    expect(JSON.stringify(entries)).not.toMatch(/test-token|authorization|Bearer/i)
  })

  it('parses a body that is JSON, and takes another as text', async () => {
    const api = createTestApi({ user: ada })
    api.on('POST notes', () => undefined)
    const post = { method: 'POST', body: '{"text":"milk"}' }
    await api.fetch(`${api.baseUrl}/notes`, post)
    await api.fetch(`${api.baseUrl}/notes`, { ...post, headers: { 'Content-Type': 'application/json' } })
    expect(api.requests.map(({ body }) => body)).toEqual(['{"text":"milk"}', { text: 'milk' }])
  })

  it('rejects with the reason of a signal that is aborted, before and while it is answered', async () => {
    const api = createTestApi({ user: ada })
    const reason = new Error('given up')
    await expect(api.fetch(api.baseUrl, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(api.requests).toEqual([])
    api.hang()
    const controller = new AbortController()
    const response = api.fetch(api.baseUrl, { signal: controller.signal })
    controller.abort(reason)
    await expect(response).rejects.toBe(reason)
  })

  it('keeps to the base URL and the endpoints that it is given', async () => {
    const api = createTestApi({
      user: ada,
      baseUrl: 'https://example.com/query/v1/',
      endpoints: { login: '/session', logout: { path: 'session', method: 'DELETE' } },
    })
    const authClient = createTestAuthClient({ api })
    await authClient.login({})
    await expect(authClient.logout()).resolves.toMatchObject({ user: ada, status: 200, revoked: true })
    expect(routesOf(api)).toEqual(['POST session', 'DELETE session'])
    api.on('GET https://example.com/elsewhere', () => 'public')
    const response = await api.fetch('https://example.com/elsewhere?page=1')
    await expect(response.json()).resolves.toBe('public')
  })

  it('stands in for the fetch of any client, and of the page', async () => {
    const api = createTestApi({ user: ada, baseUrl: '/api' })
    const { queryClient } = createTestAuthClient()
    const baseUrl = 'http://localhost:3000/api'
    const authClient = createAuthClient({ baseUrl, queryClient, fetch: api.fetch, storage: memoryStorage() })
    await authClient.login({})
    expect(authClient.getState().user).toEqual(ada)
    api.on('GET news', () => ['news'])
    const response = await api.fetch('/api/news')
    await expect(response.json()).resolves.toEqual(['news'])
    await authClient.logout()
  })
})

describe('401', () => {
  it('ends the session with reason rejected, and a new login has a live token', async () => {
    const { api, authClient } = signInAda()
    await screen.findByText('a note of Ada')
    api.revokeTokens()
    expect(api.sessions).toEqual([])
    void authClient.queryClient.invalidateQueries()
    await waitFor(() => expect(status()).toBe('signed-out rejected'))
    expect(screen.getByText('no notes')).toBeDefined()
    // Nobody logs out of a dead token.
    expect(routesOf(api)).not.toContain('POST auth/logout')
    await authClient.login({})
    await screen.findByText('a note of Ada')
  })
})

describe('an API that hangs', () => {
  it('keeps no logout from settling: signed out in the tick, the result after the timeout', async () => {
    const { api } = signInAda()
    await screen.findByText('a note of Ada')
    api.hang()
    fireEvent.click(screen.getByText('Log out'))
    expect(status()).toBe('signed-out logout')
    expect(screen.getByText('no notes')).toBeDefined()
    await screen.findByText('status 0 revoked false error timeout')
    expect(routesOf(api)).toContain('POST auth/logout')
    // The request was given up before the API came back.
    api.recover()
    expect(api.sessions).toHaveLength(1)
  })

  it('takes the timeout of the test', async () => {
    const api = createTestApi({ user: ada })
    const authClient = createTestAuthClient({ api, user: ada, timeout: 1 })
    api.hang()
    await expect(authClient.logout()).resolves.toMatchObject({ error: { code: 'timeout' } })
  })

  it('answers late when it recovers: what was logged out meanwhile stays forgotten', async () => {
    const { api, authClient } = signInAda()
    await screen.findByText('a note of Ada')
    api.hang()
    const late = authClient.api.get('notes').json()
    const result = authClient.logout()
    await expect(late).rejects.toMatchObject({ name: 'SessionEndedError', reason: 'logout' })
    api.recover()
    await expect(result).resolves.toMatchObject({ revoked: true })
    expect(status()).toBe('signed-out logout')
    expect(screen.getByText('no notes')).toBeDefined()
  })

  it('carries out what has waited, in its order', async () => {
    const api = createTestApi({ user: ada })
    const order: unknown[] = []
    api.on('POST notes', ({ body }) => void order.push(body))
    const { api: http } = createTestAuthClient({ api, user: ada })
    api.hang()
    const given = new AbortController()
    const requests = [
      http.post('notes', { json: 1 }),
      http.post('notes', { json: 2, signal: given.signal }),
      http.post('notes', { json: 3 }),
    ]
    await waitFor(() => expect(api.requests).toHaveLength(3))
    given.abort()
    await expect(requests[1]).rejects.toMatchObject({ name: 'AbortError' })
    api.recover()
    await Promise.all([requests[0], requests[2]])
    expect(order).toEqual([1, 3])
  })
})

describe('an API out of reach', () => {
  it('fails as in a browser: the code of a login is network, until it is back', async () => {
    const Login = () => {
      const login = useLogin()
      const error = isRequestError(login.error) ? login.error.code : 'none'
      return <button onClick={() => login.mutate({})}>{`Log in, error ${error}`}</button>
    }
    const api = createTestApi({ user: ada })
    const { wrapper } = createTestAuthClient({ api })
    render(
      <>
        <Status />
        <Login />
      </>,
      { wrapper },
    )
    api.goOffline()
    fireEvent.click(screen.getByRole('button'))
    await screen.findByText('Log in, error network')
    expect(api.requests).toEqual([])
    await expect(api.fetch(api.baseUrl)).rejects.toEqual(new TypeError('Failed to fetch'))

    api.recover()
    fireEvent.click(screen.getByRole('button'))
    await waitFor(() => expect(status()).toBe('signed-in Ada'))
  })

  it('shows the failure of a query at once, and tells nobody of being offline', async () => {
    const { api, authClient } = signInAda()
    await screen.findByText('a note of Ada')
    api.goOffline()
    expect(onlineManager.isOnline()).toBe(true)
    void authClient.queryClient.resetQueries({ queryKey: ['notes'] })
    await screen.findByRole('alert')
    expect(status()).toBe('signed-in Ada')
    api.recover()
    void authClient.queryClient.invalidateQueries({ queryKey: ['notes'] })
    await screen.findByText('a note of Ada')
  })

  it('reaches those who wait for an API that hangs', async () => {
    const api = createTestApi({ user: ada })
    const authClient = createTestAuthClient({ api })
    api.hang()
    const login = authClient.login({})
    await waitFor(() => expect(api.requests).toHaveLength(1))
    api.goOffline()
    await expect(login).rejects.toMatchObject({ code: 'network' })
    expect(authClient.getState().status).toBe('signed-out')
  })

  it('is told of a logout once the browser is back online', async () => {
    const { api } = signInAda()
    await screen.findByText('a note of Ada')
    api.goOffline()
    onlineManager.setOnline(false)
    fireEvent.click(screen.getByText('Log out'))
    await screen.findByText('status 0 revoked false error network')
    expect(api.sessions).toHaveLength(1)

    api.recover()
    onlineManager.setOnline(true)
    await waitFor(() => expect(api.sessions).toEqual([]))
  })
})

describe('an API that fails', () => {
  it('answers everything with the status and the headers of the test, once: nothing is retried', async () => {
    const { api, authClient } = signInAda()
    await screen.findByText('a note of Ada')
    const before = api.requests.length
    api.fail(503, { 'Retry-After': '2' })
    await expect(authClient.api.get('notes')).rejects.toMatchObject({
      response: { status: 503 },
      data: { message: 'The API answers 503.' },
    })
    expect(api.requests).toHaveLength(before + 1)
    const response = await api.fetch(api.baseUrl)
    expect(response.headers.get('Retry-After')).toBe('2')

    fireEvent.click(screen.getByText('Log out'))
    await screen.findByText('status 503 revoked false error http')
    api.recover()
    await authClient.login({})
    await screen.findByText('a note of Ada')
  })
})

it('a mutation under way is forgotten at logout, and its late answer lands nowhere', async () => {
  const answered = vi.fn()
  const api = createTestApi({ user: ada })
  api.on('POST notes', () => 'saved')
  const authClient = createTestAuthClient({ api, user: ada })
  const Add = () => {
    const add = useMutation({
      mutationFn: () => authClient.api.post('notes').json(),
      onSettled: answered,
    })
    return <button onClick={() => add.mutate()}>Add</button>
  }
  render(<Add />, authClient)
  api.hang()
  fireEvent.click(screen.getByText('Add'))
  await waitFor(() => expect(api.requests).toHaveLength(1))
  const logout = authClient.logout()
  api.recover()
  await logout
  expect(answered).not.toHaveBeenCalled()
  expect(authClient.queryClient.getMutationCache().getAll()).toEqual([])
})
