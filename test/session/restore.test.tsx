import {
  focusManager,
  QueryClient,
  QueryClientProvider,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import { StrictMode, Suspense } from 'react'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { AuthProvider, memoryStorage, useAuth, useAuthClient, useSession, type TokenStorage } from 'signoff'
import { type Answer, answers, deferred, startApiServer, type TestUser } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

type Options = Partial<Parameters<typeof makeClient>[0]>

/** A client that finds a token which an earlier visit has stored. */
const returning = async (options: Options = {}) => {
  const server = await startApiServer()
  const session = server.issue(ada.email)
  localStorage.setItem('token', session.token)
  // Retries at once.
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, retryDelay: 0 } } })
  const onSignOut = vi.fn()
  return {
    server,
    onSignOut,
    ...makeClient({ baseUrl: server.baseUrl, queryClient, onSignOut, ...options }),
    ...session,
  }
}

/** Shows the state, and remembers each that was rendered. */
const makeStatus = () => {
  const rendered: string[] = []
  const Status = () => {
    const { status, user } = useAuth()
    const text = `${status} ${String(user?.['email'] ?? 'nobody')}`
    if (rendered.at(-1) !== text) rendered.push(text)
    return <p>{text}</p>
  }
  return { rendered, Status }
}

const spyStorage = (token: string | null) => {
  const storage = memoryStorage()
  if (token !== null) storage.set(token)
  return {
    get: vi.fn(storage.get),
    set: vi.fn(storage.set),
    remove: vi.fn(storage.remove),
  } satisfies TokenStorage
}

afterEach(() => focusManager.setFocused(undefined))

describe('a client', () => {
  it('touches neither network nor storage when it is created', async () => {
    const storage = spyStorage('token')
    const fetch = vi.fn()
    const { client } = makeClient({ baseUrl: 'https://api.example.com', storage, fetch })
    expect(client.api).toBeTypeOf('function')
    expect(client.userOptions.queryKey).toBeDefined()
    for (const method of [storage.get, storage.set, storage.remove, fetch])
      expect(method).not.toHaveBeenCalled()

    expect(client.getState()).toEqual({ status: 'restoring', user: null, token: 'token' })
    expect(storage.get).toHaveBeenCalled()
  })

  it('is signed out at once where no token is stored, without a request', async () => {
    const server = await startApiServer()
    const app = makeClient({ baseUrl: server.baseUrl })
    const { rendered, Status } = makeStatus()
    renderApp(app, <Status />)
    expect(rendered).toEqual(['signed-out nobody'])
    expect(app.client.getState()).toEqual({ status: 'signed-out', user: null, token: null, reason: null })
    expect(server.requests).toEqual([])
  })
})

describe('a stored token', () => {
  it('is `restoring` until the API confirms it, then `signed-in`, with one request', async () => {
    const { server, token, user, ...app } = await returning()
    const { rendered, Status } = makeStatus()
    expect(app.client.getState()).toEqual({ status: 'restoring', user: null, token })
    renderApp(app, <Status />)
    await screen.findByText('signed-in ada@example.com')
    expect(rendered).toEqual(['restoring nobody', 'signed-in ada@example.com'])
    expect(app.client.getState()).toEqual({ status: 'signed-in', user, token })
    expect(server.requests.map(({ method, path, token: sent }) => [method, path, sent])).toEqual([
      ['GET', '/api/auth/user', token],
    ])
    expect(app.onSignOut).not.toHaveBeenCalled()
  })

  it('lets private queries fetch while it is being checked', async () => {
    const { server, ...app } = await returning()
    server.answer('GET /api/auth/user', answers.never)
    const { Status } = makeStatus()
    const Notes = () => {
      const { api } = useAuthClient()
      const { data } = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
      return <p>{data}</p>
    }
    renderApp(
      app,
      <>
        <Status />
        <Notes />
      </>,
    )
    await screen.findByText('private note of ada@example.com')
    expect(screen.getByText('restoring nobody')).toBeDefined()
    expect(app.client.getState().status).toBe('restoring')
  })

  it.each<[string, Answer]>([
    ['a network failure', answers.reset],
    ['500', answers.status(500)],
    ['503', answers.status(503, { 'Retry-After': '0' })],
    ['429', answers.status(429, { 'Retry-After': '0' })],
    ['403', answers.status(403)],
    ['404', answers.status(404)],
    ['an HTML page', answers.text('<!doctype html>', 'text/html')],
  ])('stays `restoring` after %s, and is checked again until the server answers', async (_name, failing) => {
    const { server, token, user, onSignOut, ...app } = await returning()
    server.answer('GET /api/auth/user', failing)
    const { rendered, Status } = makeStatus()
    renderApp(app, <Status />)
    await waitFor(() => expect(server.received('GET /api/auth/user').length).toBeGreaterThan(4))
    expect(app.client.getState()).toEqual({ status: 'restoring', user: null, token })
    expect(localStorage.getItem('token')).toBe(token)

    server.answer('GET /api/auth/user', answers.json(user))

    await screen.findByText('signed-in ada@example.com')
    expect(rendered).toEqual(['restoring nobody', 'signed-in ada@example.com'])
    expect(onSignOut).not.toHaveBeenCalled()
  })

  it('stays `restoring` after an answer that takes too long, and is checked again', async () => {
    const { server, user, ...app } = await returning({ timeout: 50 })
    server.answer('GET /api/auth/user', answers.never)
    const { Status } = makeStatus()
    renderApp(app, <Status />)
    await waitFor(() => expect(server.received('GET /api/auth/user').length).toBeGreaterThan(1))
    expect(app.client.getState().status).toBe('restoring')
    server.answer('GET /api/auth/user', answers.json(user))
    await screen.findByText('signed-in ada@example.com')
  })

  it.each<[string, Answer, Options]>([
    ['401', answers.json({ message: 'Unauthorized' }, 401), {}],
    [
      'an answer in which `parseUser` finds null',
      answers.json({ user: null }),
      {
        parseUser: (body) => (body as { user: unknown }).user,
      },
    ],
    ['200 null', answers.json(null), {}],
    ['what `isRejection` says', answers.status(419), { isRejection: ({ status }) => status === 419 }],
  ])('is removed from the storage by %s, and the reason is `rejected`', async (_name, answer, options) => {
    const { server, onSignOut, ...app } = await returning(options)
    server.answer('GET /api/auth/user', answer)
    const { rendered, Status } = makeStatus()
    renderApp(app, <Status />)
    await screen.findByText('signed-out nobody')
    expect(rendered).toEqual(['restoring nobody', 'signed-out nobody'])
    expect(app.client.getState()).toEqual({
      status: 'signed-out',
      user: null,
      token: null,
      reason: 'rejected',
    })
    expect({ ...localStorage }).toEqual({})
    await waitFor(() => expect(onSignOut.mock.calls).toEqual([[{ reason: 'rejected', user: null }]]))
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/auth/user'])
  })

  it('can be logged out while it is being checked, and the late answer does not bring it back', async () => {
    const { server, token, user, ...app } = await returning()
    const asked = deferred()
    const answered = deferred()
    server.answer('GET /api/auth/user', async (response, request) => {
      asked.resolve()
      await answered.promise
      answers.json(user)(response, request)
    })
    const { rendered, Status } = makeStatus()
    renderApp(app, <Status />)
    await asked.promise
    const leaving = app.client.logout()
    answered.resolve()
    const result = await act(() => leaving)
    expect(result).toMatchObject({ token, revoked: true })
    expect(rendered).toEqual(['restoring nobody', 'signed-out nobody'])
    expect(app.client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
    expect(app.queryClient.getQueryData(app.client.userOptions.queryKey)).toBeUndefined()
  })

  it.each(['here', 'in another tab'])(
    'that a login %s replaces while it is being checked leaves nothing of what was fetched with it',
    async (where) => {
      const { server, ...app } = await returning()
      server.answer('GET /api/auth/user', answers.never)
      const Notes = () => {
        const { api } = useSession()
        const { data } = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
        return <p>{data ?? 'loading'}</p>
      }
      renderApp(app, <Notes />)
      await screen.findByText(`private note of ${ada.email}`)
      server.answer('GET /api/notes', answers.never)
      const next = server.issue(bob.email)
      act(() => {
        if (where === 'here') return app.client.setSession(next)
        localStorage.setItem('token', next.token)
        window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
      })
      expect(app.client.getState().token).toBe(next.token)
      expect(document.body.textContent).toBe('loading')
      expect(app.queryClient.getQueryData(['notes'])).toBeUndefined()
    },
  )

  it.each<[string, (user: TestUser) => Response]>([
    ['401', () => new Response(null, { status: 401 })],
    ['200 null', () => Response.json(null)],
    ['200 with the user', (user) => Response.json(user)],
  ])(
    'that a login replaces while it is being checked may be answered %s: the new session stays',
    async (_name, late) => {
      const asked = deferred()
      const answered = deferred<Response>()
      const { server, user, ...app } = await returning({
        // A `fetch` that ignores its signal: the answer comes back in any case.
        fetch: (request) => {
          if (!request.url.endsWith('/user')) return fetch(request)
          asked.resolve()
          return answered.promise
        },
      })
      const { rendered, Status } = makeStatus()
      renderApp(app, <Status />)
      await asked.promise
      const { token } = await act(() => app.client.login(bob))
      answered.resolve(late(user))
      await waitFor(() => expect([...server.sessions.keys()]).toEqual([token]))
      expect(await app.client.api('notes').json()).toEqual([`private note of ${bob.email}`])
      expect(rendered).toEqual(['restoring nobody', 'signed-in bob@example.com'])
      expect(localStorage.getItem('token')).toBe(token)
      expect(app.queryClient.getQueryData(app.client.userOptions.queryKey)).toMatchObject({
        email: bob.email,
      })
    },
  )
})

describe('the user', () => {
  const changed: TestUser = { id: 'id-of-ada@example.com', email: 'ada@new.example' }

  it('is refetched on focus', async () => {
    const { server, token, ...app } = await returning()
    const { Status } = makeStatus()
    renderApp(app, <Status />)
    await screen.findByText('signed-in ada@example.com')
    server.answer('GET /api/auth/user', answers.json(changed))

    act(() => focusManager.setFocused(false))
    act(() => focusManager.setFocused(true))

    await screen.findByText('signed-in ada@new.example')
    expect(app.client.getState()).toEqual({ status: 'signed-in', user: changed, token })
    expect(server.received('GET /api/auth/user')).toHaveLength(2)
  })

  it('is refetched on focus after a login too, and a refusal then signs out', async () => {
    const server = await startApiServer()
    const app = makeClient({ baseUrl: server.baseUrl })
    const { Status } = makeStatus()
    renderApp(app, <Status />)
    await act(() => app.client.login(ada))
    server.sessions.clear()

    act(() => focusManager.setFocused(false))
    act(() => focusManager.setFocused(true))

    await screen.findByText('signed-out nobody')
    expect(app.client.getState()).toMatchObject({ reason: 'rejected' })
    expect(server.received('GET /api/auth/user')).toHaveLength(1)
  })

  it('stays, signed in, when a refetch fails', async () => {
    const { server, ...app } = await returning()
    const { rendered, Status } = makeStatus()
    renderApp(app, <Status />)
    await screen.findByText('signed-in ada@example.com')
    const state = app.client.getState()
    server.answer('GET /api/auth/user', answers.status(422))

    act(() => focusManager.setFocused(false))
    act(() => focusManager.setFocused(true))

    await waitFor(() => expect(server.received('GET /api/auth/user').length).toBeGreaterThan(2))
    expect(app.client.getState()).toBe(state)
    expect(rendered).toEqual(['restoring nobody', 'signed-in ada@example.com'])
  })

  it.each<[string, Answer]>([
    ['403', answers.status(403)],
    ['404', answers.status(404)],
    ['429', answers.status(429, { 'Retry-After': '0' })],
    ['500', answers.status(500, { 'Retry-After': '0' })],
    ['503', answers.status(503, { 'Retry-After': '0' })],
    ['a network failure', answers.reset],
    ['an HTML page', answers.text('<!doctype html>', 'text/html')],
  ])('stays, signed in, with its token, when a refetch on focus is answered %s', async (_name, answer) => {
    const { server, token, ...app } = await returning()
    const { rendered, Status } = makeStatus()
    renderApp(app, <Status />)
    await screen.findByText('signed-in ada@example.com')
    const state = app.client.getState()
    server.answer('GET /api/auth/user', answer)

    act(() => focusManager.setFocused(false))
    act(() => focusManager.setFocused(true))

    await waitFor(() => expect(server.received('GET /api/auth/user').length).toBeGreaterThan(2))
    expect(app.client.getState()).toBe(state)
    expect(localStorage.getItem('token')).toBe(token)
    expect(rendered).toEqual(['restoring nobody', 'signed-in ada@example.com'])
    expect(app.onSignOut).not.toHaveBeenCalled()
  })

  it('is out of the cache after a logout, and focus does not bring it back', async () => {
    const { server, ...app } = await returning()
    const { Status } = makeStatus()
    renderApp(app, <Status />)
    await screen.findByText('signed-in ada@example.com')

    await act(() => app.client.logout())
    act(() => focusManager.setFocused(false))
    act(() => focusManager.setFocused(true))

    expect(app.queryClient.getQueryCache().getAll()).toEqual([])
    expect(server.received('GET /api/auth/user')).toHaveLength(1)
  })

  it('that an app writes into the cache is the one that is shown', async () => {
    const { server: _server, ...app } = await returning()
    const { Status } = makeStatus()
    renderApp(app, <Status />)
    await screen.findByText('signed-in ada@example.com')
    act(() => void app.queryClient.setQueryData(app.client.userOptions.queryKey, changed))
    await screen.findByText('signed-in ada@new.example')
  })
})

describe('a token that the API rejects', () => {
  it('ends the session once, whether the user, other queries or both hear of it', async () => {
    const { server, client, queryClient, onSignOut } = await returning()
    const all = deferred()
    const answer: Answer = async (response, request) => {
      if (server.requests.length === 4) all.resolve()
      await all.promise
      answers.json({ message: 'Unauthorized' }, 401)(response, request)
    }
    for (const path of ['auth/user', 'a', 'b', 'c']) server.answer(`GET /api/${path}`, answer)
    const heard: string[] = []
    client.subscribe(() => heard.push(client.getState().status))

    const results = await Promise.allSettled([
      queryClient.fetchQuery(client.userOptions),
      ...['a', 'b', 'c'].map((path) => client.api(path)),
    ])

    for (const result of results) expect(result.status).toBe('rejected')
    expect(heard).toEqual(['signed-out'])
    expect(client.getState()).toMatchObject({ reason: 'rejected' })
    await vi.waitFor(() => expect(onSignOut.mock.calls).toEqual([[{ reason: 'rejected', user: null }]]))
    expect(server.requests).toHaveLength(4)
  })

  it.each<[string, (app: Awaited<ReturnType<typeof returning>>) => Promise<unknown>]>([
    [
      'a query of the app’s own',
      ({ client, queryClient }) =>
        queryClient.fetchQuery({ ...client.userOptions, queryKey: ['me'] as never, retry: false }),
    ],
    ['another QueryClient', ({ client }) => new QueryClient().fetchQuery(client.userOptions)],
    [
      'a query that retries everything',
      ({ client, queryClient }) => queryClient.fetchQuery({ ...client.userOptions, retry: 3, retryDelay: 0 }),
    ],
  ])('ends the session, with one request, when %s asks with `userOptions`', async (_name, ask) => {
    const app = await returning()
    app.server.sessions.clear()
    await expect(ask(app)).rejects.toMatchObject({ name: 'SessionEndedError', reason: 'rejected' })
    await vi.waitFor(() => expect(app.client.getState()).toMatchObject({ reason: 'rejected' }))
    expect(app.server.requests).toHaveLength(1)
  })
})

describe('getState', () => {
  it('returns the same object until something changes', async () => {
    const { server, client, queryClient } = await returning()
    const restoring = client.getState()
    expect(client.getState()).toBe(restoring)

    await queryClient.fetchQuery(client.userOptions)
    const signedIn = client.getState()
    expect(signedIn.status).toBe('signed-in')
    expect(client.getState()).toBe(signedIn)

    await queryClient.fetchQuery(client.userOptions)
    expect(server.received('GET /api/auth/user')).toHaveLength(2)
    expect(client.getState()).toBe(signedIn)

    await client.logout()
    const signedOut = client.getState()
    expect(signedOut.status).toBe('signed-out')
    await client.logout()
    expect(client.getState()).toBe(signedOut)
  })

  it('returns another object for another session of the same user with the same token', async () => {
    const { client, user, token } = await returning()
    client.setSession({ user, token })
    const first = client.getState()
    client.setSession({ user, token })
    expect(client.getState()).toEqual(first)
    expect(client.getState()).not.toBe(first)
  })
})

describe('subscribe', () => {
  it('calls the listener after each change, one that a router brings before anything is mounted too', async () => {
    const { client, queryClient, user } = await returning()
    const heard: string[] = []
    const stop = client.subscribe(() => heard.push(client.getState().status))
    expect(await queryClient.ensureQueryData(client.userOptions)).toEqual(user)
    await vi.waitFor(() => expect(heard).toEqual(['signed-in']))
    await client.logout()
    expect(heard).toEqual(['signed-in', 'signed-out'])
    stop()
    await client.login(bob)
    expect(heard).toEqual(['signed-in', 'signed-out'])
  })
})

describe('userOptions', () => {
  it('work with `ensureQueryData` before anything is mounted', async () => {
    const { server, client, queryClient, user, token } = await returning()
    expect(await queryClient.ensureQueryData(client.userOptions)).toEqual(user)
    expect(client.getState()).toEqual({ status: 'signed-in', user, token })
    const { rendered, Status } = makeStatus()
    renderApp({ client, queryClient }, <Status />)
    expect(rendered).toEqual(['signed-in ada@example.com'])
    expect(server.received('GET /api/auth/user')).toHaveLength(1)
  })

  it('reject `ensureQueryData` with a SignedOutError while nobody is signed in, without a request', async () => {
    const server = await startApiServer()
    const { client, queryClient } = makeClient({ baseUrl: server.baseUrl })
    await expect(queryClient.ensureQueryData(client.userOptions)).rejects.toMatchObject({
      name: 'SignedOutError',
    })
    expect(server.requests).toEqual([])
  })

  it('reject `ensureQueryData` with a SessionEndedError when the API refuses the token', async () => {
    const { server, client, queryClient } = await returning()
    server.sessions.clear()
    await expect(queryClient.ensureQueryData(client.userOptions)).rejects.toMatchObject({
      name: 'SessionEndedError',
      reason: 'rejected',
    })
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    expect(localStorage.getItem('token')).toBeNull()
  })

  it('work with `useSuspenseQuery`', async () => {
    const { server, ...app } = await returning()
    const Profile = () => {
      const { data } = useSuspenseQuery(app.client.userOptions)
      return <p>profile of {data.email}</p>
    }
    renderApp(
      app,
      <Suspense fallback="loading">
        <Profile />
      </Suspense>,
    )
    expect(screen.getByText('loading')).toBeDefined()
    await screen.findByText('profile of ada@example.com')
    expect(server.received('GET /api/auth/user')).toHaveLength(1)
  })
})

describe('listeners', () => {
  /** The listeners that are on window and document, by event; React and TanStack Query keep some of their own. */
  const countListeners = () => {
    const present = new Map<string, Set<unknown>>()
    const spies: { mockRestore: () => void }[] = []
    onTestFinished(() => spies.forEach((spy) => spy.mockRestore()))
    for (const [name, target] of [
      ['window', window],
      ['document', document],
    ] as const) {
      const { addEventListener, removeEventListener } = target
      const add = (...args: Parameters<typeof addEventListener>) => {
        const key = `${name} ${args[0]}`
        present.set(key, (present.get(key) ?? new Set()).add(args[1]))
        return addEventListener.apply(target, args)
      }
      const remove = (...args: Parameters<typeof addEventListener>) => {
        present.get(`${name} ${args[0]}`)?.delete(args[1])
        return removeEventListener.apply(target, args)
      }
      spies.push(
        vi.spyOn(target, 'addEventListener').mockImplementation(add),
        vi.spyOn(target, 'removeEventListener').mockImplementation(remove),
      )
    }
    const channels = { open: 0 }
    class CountedChannel extends BroadcastChannel {
      constructor(name: string) {
        super(name)
        channels.open += 1
      }

      override close() {
        channels.open -= 1
        super.close()
      }
    }
    vi.stubGlobal('BroadcastChannel', CountedChannel)
    onTestFinished(() => void vi.unstubAllGlobals())
    return () => ({
      ...Object.fromEntries(
        [...present].map(([key, { size }]) => [key, size] as const).filter(([, size]) => size > 0),
      ),
      channels: channels.open,
    })
  }

  const own = {
    'window storage': 1,
    'window pageshow': 1,
    'window focus': 1,
    'document visibilitychange': 1,
    channels: 1,
  }

  it.each([
    ['in StrictMode', true],
    ['outside StrictMode', false],
  ])('are one set while mounted %s, and none after', async (_name, isStrict) => {
    const { server, client, queryClient } = await returning()
    // What React leaves on the document is there before the counting begins.
    render(<p />).unmount()
    const count = countListeners()
    const { Status } = makeStatus()
    const app = (
      <QueryClientProvider client={queryClient}>
        <AuthProvider client={client}>
          <Status />
        </AuthProvider>
      </QueryClientProvider>
    )
    const { unmount } = render(isStrict ? <StrictMode>{app}</StrictMode> : app)
    await screen.findByText('signed-in ada@example.com')
    expect(count()).toMatchObject(own)
    expect(server.received('GET /api/auth/user')).toHaveLength(1)

    unmount()
    expect(count()).toEqual({ channels: 0 })
  })

  it('are one set for two mounts, and stay until the second unmount', async () => {
    const { client } = await returning()
    const count = countListeners()
    client.mount()
    client.mount()
    expect(count()).toMatchObject(own)
    client.unmount()
    expect(count()).toMatchObject(own)
    client.unmount()
    expect(count()).toEqual({ channels: 0 })
    client.unmount()
    client.mount()
    expect(count()).toMatchObject(own)
    client.unmount()
    expect(count()).toEqual({ channels: 0 })
  })

  it('of the query and mutation caches leave with the last mount', async () => {
    const { client, queryClient } = await returning()
    const caches = [queryClient.getQueryCache(), queryClient.getMutationCache()]
    const has = () => caches.map((cache) => cache.hasListeners())
    expect(has()).toEqual([false, false])
    client.mount()
    client.mount()
    client.unmount()
    expect(has()).toEqual([true, true])
    client.unmount()
    expect(has()).toEqual([false, false])
  })

  it('are none after a session began and ended in a client that nobody mounted', async () => {
    const { client } = await returning()
    const count = countListeners()
    await client.login(bob)
    await client.logout()
    expect(count()).toEqual({ channels: 0 })
  })
})
