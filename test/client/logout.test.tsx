import { notifyManager, QueryClient, useMutation, useQuery } from '@tanstack/react-query'
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { SignedIn, isRequestError, useAuth, useLogout, useUser } from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const signedIn = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, ...options })
  const session = await app.client.login(ada)
  return { server, ...app, ...session }
}

/** Signed in without a request: a short `timeout` is that of the logout alone. */
const givenSession = async (timeout: number) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, timeout })
  app.client.setSession(server.issue(ada.email))
  return { server, ...app }
}

const Status = () => <output>{useAuth((state) => state.status)}</output>

describe('the result', () => {
  it('holds user, token, status, status text and error, the storage no token, and the API refuses it', async () => {
    const { server, client, queryClient, user, token } = await signedIn()
    let logout!: ReturnType<typeof useLogout>
    const App = () => {
      logout = useLogout()
      return null
    }
    renderApp({ client, queryClient }, <App />)
    expect(localStorage.getItem('token')).toBe(token)

    const result = await act(() => logout.mutateAsync())

    expect(result).toEqual({ user, token, status: 200, statusText: 'OK', error: null, revoked: true })
    expect(localStorage.getItem('token')).toBeNull()
    const replay = await fetch(`${server.baseUrl}/auth/user`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    expect(replay.status).toBe(401)
  })

  it.each([
    ['401', answers.json({ message: 'Unauthorized' }, 401), 401, null, true],
    ['404', answers.status(404), 404, 'http', false],
    ['403 with a message', answers.json({ message: 'Forbidden' }, 403), 403, 'http', false],
    ['500', answers.status(500), 500, 'http', false],
    [
      'an HTML page',
      answers.text('<!doctype html><p>Hello</p>', 'text/html'),
      200,
      'invalid-response',
      false,
    ],
    ['204', answers.status(204), 204, null, true],
    ['an empty 200', answers.status(200), 200, null, true],
    ['JSON of another shape', answers.json({ success: true }), 200, null, true],
    ['a broken connection', answers.reset, 0, 'network', false],
  ])('tells the truth about %s, and the user is signed out', async (_name, answer, status, code, revoked) => {
    const { server, client, user, token } = await signedIn()
    server.answer('POST /api/auth/logout', answer)

    const result = await client.logout()

    expect(client.getState().status).toBe('signed-out')
    expect(result).toMatchObject({ user, token, status, revoked })
    expect(isRequestError(result.error) ? result.error.code : null).toBe(code)
    expect(localStorage.getItem('token')).toBeNull()
  })

  it.each([
    ['revoked', 'Could not validate credentials', null, true],
    ['not revoked', 'Not enough permissions', 'http', false],
  ])(
    'says that the token is %s where `isRejection` reads that in a 403',
    async (_name, detail, code, revoked) => {
      const { server, client } = await signedIn({
        isRejection: async (answer) => answer.status === 403 && /not validate/.test(await answer.text()),
      })
      server.answer('POST /api/auth/logout', answers.json({ detail }, 403))

      const result = await client.logout()

      expect(result).toMatchObject({ status: 403, revoked })
      expect(isRequestError(result.error) ? result.error.code : null).toBe(code)
      expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
    },
  )

  it('is a timeout within `timeout` when the server never answers', async () => {
    const { server, client } = await givenSession(100)
    server.answer('POST /api/auth/logout', answers.never)

    const { status, revoked, error } = await client.logout()

    expect({ status, revoked }).toEqual({ status: 0, revoked: false })
    expect(error).toMatchObject({ name: 'RequestError', code: 'timeout', status: 0 })
  })

  it('is a timeout when the body trickles in', async () => {
    const { server, client } = await givenSession(100)
    server.answer('POST /api/auth/logout', (response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.write('{"user"')
    })

    const { revoked, error } = await client.logout()

    expect(revoked).toBe(false)
    expect(error).toMatchObject({ code: 'timeout' })
  })

  it('is the last response when retries run out of time', async () => {
    const { server, client } = await givenSession(1000)
    server.answer('POST /api/auth/logout', answers.status(503, { 'Retry-After': '60' }))

    const { status, revoked, error } = await client.logout()

    expect({ status, revoked }).toEqual({ status: 503, revoked: false })
    expect(error).toMatchObject({ code: 'http', status: 503 })
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it('says that there was no session to end, without a request, while nobody is signed in', async () => {
    const server = await startApiServer()
    const { client } = makeClient({ baseUrl: server.baseUrl })

    const result = await client.logout()

    expect(result).toEqual({ user: null, token: null, status: 0, statusText: '', error: null, revoked: true })
    expect(server.requests).toEqual([])
  })
})

describe('the request', () => {
  it.each([408, 429, 500, 503, 522])('is repeated after %i until it is confirmed', async (status) => {
    const { server, client, token } = await signedIn()
    server.answer('POST /api/auth/logout', (response, request) => {
      const isFirst = server.received('POST /api/auth/logout').length === 1
      const answer = isFirst ? answers.status(status, { 'Retry-After': '0' }) : answers.status(204)
      answer(response, request)
    })

    const { revoked } = await client.logout()

    expect(revoked).toBe(true)
    expect(server.received('POST /api/auth/logout').map((request) => request.token)).toEqual([token, token])
  })

  it('is not repeated after 403', async () => {
    const { server, client } = await signedIn()
    server.answer('POST /api/auth/logout', answers.status(403))
    await client.logout()
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it('is sent when the browser comes back online, and another user signed in meanwhile stays', async () => {
    let isOffline = false
    const { server, client, token } = await signedIn({
      fetch: (request) => (isOffline ? Promise.reject(new TypeError('Failed to fetch')) : fetch(request)),
    })
    client.mount()
    isOffline = true
    window.dispatchEvent(new Event('offline'))

    const { revoked, error } = await client.logout()
    expect(revoked).toBe(false)
    expect(error).toMatchObject({ code: 'network' })
    expect(server.received('POST /api/auth/logout')).toEqual([])

    isOffline = false
    const next = await client.login(bob)
    window.dispatchEvent(new Event('online'))

    await waitFor(() => expect(server.sessions.has(token)).toBe(false))
    expect(server.received('POST /api/auth/logout').map((request) => request.token)).toEqual([token])
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: next.token })
    client.unmount()
  })

  it('is one for a double click, and both calls get the same promise', async () => {
    const { server, client } = await signedIn()
    const first = client.logout()
    const second = client.logout()
    expect(second).toBe(first)
    await first
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it('is one for five components that call useLogout', async () => {
    const { server, ...app } = await signedIn()
    const LogoutButton = () => {
      const logout = useLogout()
      return <button onClick={() => logout.mutate()}>{logout.data ? 'done' : 'log out'}</button>
    }
    renderApp(
      app,
      Array.from({ length: 5 }, (_, index) => <LogoutButton key={index} />),
    )

    for (const button of screen.getAllByRole('button')) fireEvent.click(button)

    await waitFor(() => expect(screen.getAllByText('done')).toHaveLength(5))
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })
})

it('leaves no timer running time and again where its button has gone and the server never answers', async () => {
  const { server, ...app } = await signedIn()
  server.answer('POST /api/auth/logout', answers.never)
  const Button = () => {
    const logout = useLogout()
    return <button onClick={() => logout.mutate()}>Log out</button>
  }
  renderApp(
    app,
    <SignedIn>
      <Button />
    </SignedIn>,
  )
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const timers = vi.spyOn(globalThis, 'setTimeout')
  act(() => screen.getByRole('button').click())
  for (let millisecond = 0; millisecond < 200; millisecond += 1) vi.advanceTimersByTime(1)
  expect(screen.queryByRole('button')).toBeNull()
  expect(timers.mock.calls.length).toBeLessThan(20)
  timers.mockRestore()
  vi.useRealTimers()
})

describe('the user interface', () => {
  const Page = ({ onClick }: { onClick?: () => void }) => {
    const user = useUser()
    const logout = useLogout()
    const notes = useQuery({
      queryKey: ['notes'],
      queryFn: async () => [`private note of ${String(user?.email)}`],
      enabled: user !== null,
    })
    return (
      <>
        <Status />
        <p>{String(user?.email ?? '')}</p>
        <p>{notes.data}</p>
        <button onClick={onClick ?? (() => logout.mutate())}>Log out</button>
      </>
    )
  }

  it('is signed out in the task of the click while the server never answers', async () => {
    const { server, ...app } = await signedIn()
    server.answer('POST /api/auth/logout', answers.never)
    renderApp(app, <Page />)
    await screen.findByText('private note of ada@example.com')

    const states: string[] = []
    const { port1, port2 } = new MessageChannel()
    const nextTask = new Promise((resolve) => {
      port1.addEventListener('message', resolve)
      port1.start()
    })
    // Outside `act`, as in a browser: React itself decides when to commit.
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
    screen.getByRole('button').click()
    port2.postMessage(null)
    await nextTask
    states.push(document.body.textContent)
    port1.close()
    vi.unstubAllGlobals()

    expect(states).toEqual(['signed-outLog out'])
    await waitFor(() => expect(server.received('POST /api/auth/logout')).toHaveLength(1))
  })

  it('has nothing left of the user on the line after mutate(), whatever the app’s own onMutate waits for', async () => {
    const { server, client, queryClient, token } = await signedIn()
    server.answer('POST /api/auth/logout', answers.never)
    queryClient.setQueryData(['notes'], 'private note')
    let logout!: ReturnType<typeof useLogout>
    const App = () => {
      logout = useLogout({ onMutate: () => new Promise(() => {}) })
      return null
    }
    renderApp({ client, queryClient }, <App />)

    act(() => {
      logout.mutate()
      expect(client.getState()).toEqual({ status: 'signed-out', reason: 'logout', user: null, token: null })
      expect(localStorage.getItem('token')).toBeNull()
      expect(queryClient.getQueryCache().getAll()).toEqual([])
    })

    await waitFor(() => expect(server.received('POST /api/auth/logout')[0]?.token).toBe(token))
  })

  it.each([
    [
      'a notifyManager batch',
      (logout: () => void) => {
        notifyManager.batch(() => logout())
      },
    ],
    [
      'a batch within a batch',
      (logout: () => void) => {
        notifyManager.batch(() => notifyManager.batch(() => logout()))
      },
    ],
  ])('is signed out in one piece when logout is called from inside %s', async (_name, call) => {
    const { server, ...app } = await signedIn()
    server.answer('POST /api/auth/logout', answers.never)
    renderApp(app, <Page onClick={() => call(() => void app.client.logout())} />)
    await screen.findByText('private note of ada@example.com')
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)

    screen.getByRole('button').click()
    await Promise.resolve()

    vi.unstubAllGlobals()
    expect(document.body.textContent).toBe('signed-outLog out')
  })

  it('is signed out when logout is called from another mutation’s callback', async () => {
    const { server, ...app } = await signedIn()
    server.answer('POST /api/auth/logout', answers.never)
    const App = () => {
      const mutation = useMutation({
        mutationFn: async () => 'done',
        onSuccess: () => void app.client.logout(),
      })
      return <Page onClick={() => mutation.mutate()} />
    }
    renderApp(app, <App />)
    await screen.findByText('private note of ada@example.com')

    fireEvent.click(screen.getByRole('button'))

    await screen.findByText('signed-out')
    expect(document.body.textContent).toBe('signed-outLog out')
  })

  it('is signed out when logout is called from a query cache subscriber', async () => {
    const { server, ...app } = await signedIn()
    server.answer('POST /api/auth/logout', answers.never)
    renderApp(app, <Page />)
    await screen.findByText('private note of ada@example.com')
    const unsubscribe = app.queryClient.getQueryCache().subscribe(({ type }) => {
      if (type === 'updated') void app.client.logout()
    })

    act(() => void app.queryClient.setQueryData(['notes'], ['changed']))
    unsubscribe()

    expect(document.body.textContent).toBe('signed-outLog out')
  })

  it('shows the result and runs every callback of useLogout', async () => {
    const { server: _server, ...app } = await signedIn()
    const called: string[] = []
    const App = () => {
      const logout = useLogout({
        onMutate: () => void called.push('onMutate'),
        onSuccess: () => void called.push('onSuccess'),
        onSettled: () => void called.push('onSettled'),
      })
      const click = () =>
        logout.mutate(undefined, { onSuccess: () => void called.push('mutate’s onSuccess') })
      return <button onClick={click}>{logout.data?.statusText ?? 'Log out'}</button>
    }
    renderApp(app, <App />)
    fireEvent.click(screen.getByRole('button'))
    await screen.findByText('OK')
    expect(called).toEqual(['onMutate', 'onSuccess', 'onSettled', 'mutate’s onSuccess'])
  })

  it('keeps the result no longer than until the next session begins', async () => {
    const { server: _server, ...app } = await signedIn()
    const App = () => {
      const logout = useLogout()
      return <button onClick={() => logout.mutate()}>{String(logout.data?.user?.email ?? 'nobody')}</button>
    }
    renderApp(app, <App />)
    fireEvent.click(screen.getByRole('button'))
    await screen.findByText('ada@example.com')

    await act(() => app.client.login(bob))

    expect(screen.getByRole('button').textContent).toBe('nobody')
    expect(app.queryClient.getMutationCache().getAll()).toEqual([])
  })
})

describe('the next user', () => {
  it('stays when the logout of the one before is still under way', async () => {
    const { server, ...app } = await signedIn()
    const answered = deferred()
    server.answer('POST /api/auth/logout', async (response, request) => {
      await answered.promise
      answers.json({ message: 'late' }, 401)(response, request)
    })
    renderApp(app, <Status />)
    const leaving = app.client.logout()

    const { token } = await act(() => app.client.login(bob))
    answered.resolve()
    const { user } = await leaving

    expect(user?.email).toBe(ada.email)
    expect(app.client.getState()).toMatchObject({ status: 'signed-in', user: { email: bob.email }, token })
    expect(localStorage.getItem('token')).toBe(token)
    expect(screen.getByText('signed-in')).toBeDefined()
  })

  it('stays in the callbacks of the logout of the one before, whose result is then gone', async () => {
    const { server, ...app } = await signedIn()
    const answered = deferred()
    server.answer('POST /api/auth/logout', async (response, request) => {
      await answered.promise
      answers.status(204)(response, request)
    })
    const onSuccess = vi.fn()
    const App = () => {
      const logout = useLogout({ onSuccess })
      return <button onClick={() => logout.mutate()}>{String(logout.data?.user?.email ?? 'nobody')}</button>
    }
    renderApp(app, <App />)
    fireEvent.click(screen.getByRole('button'))
    await waitFor(() => expect(app.client.getState().status).toBe('signed-out'))
    await act(() => app.client.login(bob))

    answered.resolve()

    await waitFor(() => expect(onSuccess).toHaveBeenCalledOnce())
    expect(screen.getByRole('button').textContent).toBe('nobody')
    expect(app.queryClient.getMutationCache().getAll()).toEqual([])
  })

  it('is not joined to the logout of the one before', async () => {
    const { server, client } = await signedIn()
    server.answer('POST /api/auth/logout', answers.never)
    const first = client.logout()
    const { token } = await client.login(bob)
    server.answer('POST /api/auth/logout', answers.status(204))

    const second = client.logout()

    expect(second).not.toBe(first)
    expect(await second).toMatchObject({ user: { email: bob.email }, token, revoked: true })
  })
})

it('empties both storages but for what is to be kept', async () => {
  const { client } = await signedIn({ keepStorage: ['theme'] })
  for (const storage of [localStorage, sessionStorage]) {
    storage.setItem('theme', 'dark')
    storage.setItem('draft', 'private')
  }
  await client.logout()
  expect({ ...localStorage }).toEqual({ theme: 'dark' })
  expect({ ...sessionStorage }).toEqual({ theme: 'dark' })
})

it('gives the app’s own scheduler back to the notifyManager', async () => {
  const scheduler = vi.fn((flush: () => void) => void setTimeout(flush, 0))
  notifyManager.setScheduler(scheduler)
  const { client, queryClient } = await signedIn({ scheduler })
  await client.logout()
  scheduler.mockClear()

  const listener = vi.fn()
  const { QueryObserver } = await import('@tanstack/react-query')
  const unsubscribe = new QueryObserver(queryClient, { queryKey: ['x'], enabled: false }).subscribe(
    notifyManager.batchCalls(listener),
  )
  queryClient.setQueryData(['x'], 1, {})
  expect(queryClient).toBeInstanceOf(QueryClient)
  expect(scheduler).toHaveBeenCalled()
  unsubscribe()
  notifyManager.setScheduler((flush) => setTimeout(flush, 0))
})
