import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryStorage, type TokenStorage, useAuth, webStorage } from 'signoff'
import { answers, deferred, startApiServer, type ApiServer } from '../support/apiServer.ts'
import { readStorage } from '../support/readStorage.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

type Options = Partial<Parameters<typeof makeClient>[0]>

const mounted: (() => void)[] = []
afterEach(() => {
  for (const unmount of mounted.splice(0)) unmount()
  vi.unstubAllGlobals()
})

/** A tab of the app: a client of its own, mounted, on the `localStorage` that it shares with the others. */
const openTab = (server: ApiServer, options: Options = {}) => {
  const onSignOut = vi.fn()
  const tab = makeClient({ baseUrl: server.baseUrl, onSignOut, ...options })
  tab.client.mount()
  mounted.push(() => tab.client.unmount())
  return { onSignOut, ...tab }
}

const status = (expected: string, ...tabs: ReturnType<typeof openTab>[]) =>
  vi.waitFor(() =>
    expect(tabs.map(({ client }) => client.getState().status)).toEqual(tabs.map(() => expected)),
  )

/** Two tabs of ada's, each with a note of hers in its cache. */
const twoTabs = async (options: Options = {}) => {
  const server = await startApiServer()
  const session = server.issue(ada.email)
  localStorage.setItem('token', session.token)
  const one = openTab(server, options)
  const other = openTab(server, options)
  await status('signed-in', one, other)
  for (const { queryClient } of [one, other])
    queryClient.setQueryData(['notes'], [`private note of ${ada.email}`])
  server.requests.length = 0
  return { server, one, other, ...session }
}

const cached = ({ queryClient }: ReturnType<typeof openTab>) =>
  JSON.stringify(
    queryClient
      .getQueryCache()
      .getAll()
      .map(({ queryKey, state }) => [queryKey, state.data]),
  )

const tellOfStorage = (key: string | null) => window.dispatchEvent(new StorageEvent('storage', { key }))

/** Nothing tells the tabs of each other but what the test dispatches. */
const silenceChannels = () => vi.stubGlobal('BroadcastChannel', undefined)

const elsewhere = { status: 'signed-out', user: null, token: null, reason: 'elsewhere' }

describe('a logout in one tab', () => {
  it.each([
    ['a storage event', () => silenceChannels(), () => tellOfStorage('token')],
    ['a message', () => {}, () => {}],
  ])(
    'signs the other out by %s, with reason `elsewhere` and no request of its own',
    async (_name, before, after) => {
      before()
      const { server, one, other, user, token } = await twoTabs()

      await one.client.logout()
      after()

      await status('signed-out', other)
      expect(one.client.getState()).toMatchObject({ reason: 'logout' })
      expect(other.client.getState()).toEqual(elsewhere)
      expect(cached(other)).not.toContain('ada')
      await vi.waitFor(() => expect(other.onSignOut.mock.calls).toEqual([[{ reason: 'elsewhere', user }]]))
      expect(one.onSignOut.mock.calls).toEqual([[{ reason: 'logout', user }]])
      expect(server.requests.map((request) => `${request.method} ${request.path} ${request.token}`)).toEqual([
        `POST /api/auth/logout ${token}`,
      ])
    },
  )

  it('aborts what the other has in flight', async () => {
    const { server, one, other } = await twoTabs()
    const arrived = deferred()
    server.answer('GET /api/slow', () => arrived.resolve())
    const slow = other.client.api('slow').then(
      () => expect.fail('answered'),
      (error: unknown) => error,
    )
    await arrived.promise
    await one.client.logout()
    expect(await slow).toMatchObject({ name: 'SessionEndedError', reason: 'elsewhere' })
  })

  it('leaves what a new login of a third tab has stored meanwhile', async () => {
    silenceChannels()
    const { server, one, other } = await twoTabs()
    await one.client.logout()
    const { token } = server.issue(bob.email)
    localStorage.setItem('token', token)
    localStorage.setItem('draft of bob', 'private')
    sessionStorage.setItem('draft of ada', 'private')
    tellOfStorage('token')
    await status('signed-in', one, other)
    expect(readStorage(localStorage)).toEqual({ token, 'draft of bob': 'private' })
    expect({ ...sessionStorage }).toEqual({})
  })
})

describe('the end of a session in one tab', () => {
  it('because the API rejected the token reaches the other', async () => {
    const { server, one, other } = await twoTabs()
    server.sessions.clear()
    await one.client.api('notes').catch(() => {})
    await status('signed-out', other)
    expect(one.client.getState()).toMatchObject({ reason: 'rejected' })
    expect(other.client.getState()).toEqual(elsewhere)
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/notes'])
  })

  it('because all of `localStorage` was cleared reaches every tab, without a request', async () => {
    silenceChannels()
    const { server, one, other, user } = await twoTabs()
    localStorage.clear()
    tellOfStorage(null)
    expect([one, other].map(({ client }) => client.getState())).toEqual([elsewhere, elsewhere])
    expect(cached(one) + cached(other)).not.toContain('ada')
    await vi.waitFor(() => expect(other.onSignOut.mock.calls).toEqual([[{ reason: 'elsewhere', user }]]))
    expect(server.requests).toEqual([])
  })
})

describe('a login in one tab', () => {
  it('as another user moves the other over, the old data forgotten first', async () => {
    silenceChannels()
    const { server, one, other, user, token } = await twoTabs()
    const states: string[] = []
    other.client.subscribe(() => {
      const state = other.client.getState()
      states.push(
        `${state.status} ${String(state.user?.email)} ${cached(other).includes('ada') ? 'with' : 'without'} ada`,
      )
    })

    const next = await one.client.login(bob)
    tellOfStorage('token')

    await status('signed-in', other)
    expect(states).toEqual(['restoring undefined without ada', `signed-in ${bob.email} without ada`])
    expect(other.client.getState()).toEqual({ status: 'signed-in', ...next })
    await vi.waitFor(() => expect(other.onSignOut.mock.calls).toEqual([[{ reason: 'elsewhere', user }]]))
    await vi.waitFor(() => expect(one.onSignOut.mock.calls).toEqual([[{ reason: 'replaced', user }]]))
    expect(server.received('POST /api/auth/logout').map((request) => request.token)).toEqual([token])
    expect(localStorage.getItem('token')).toBe(next.token)
  })

  it('signs a tab in that was signed out', async () => {
    silenceChannels()
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    expect(other.client.getState().status).toBe('signed-out')
    const session = await one.client.login(ada)
    tellOfStorage('token')
    expect(other.client.getState()).toEqual({ status: 'restoring', user: null, token: session.token })
    await status('signed-in', other)
    expect(other.client.getState()).toEqual({ status: 'signed-in', ...session })
    expect(other.onSignOut).not.toHaveBeenCalled()
  })

  it('shows in the components of the other', async () => {
    silenceChannels()
    const { server, one } = await twoTabs()
    const other = makeClient({ baseUrl: server.baseUrl })
    const Email = () => <p>{String(useAuth().user?.['email'] ?? 'nobody')}</p>
    renderApp(other, <Email />)
    await screen.findByText(ada.email)
    await act(() => one.client.login(bob))
    act(() => void tellOfStorage('token'))
    expect(screen.getByText('nobody')).toBeDefined()
    await screen.findByText(bob.email)
  })

  it('outdates a login that was called before it in the other', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const arrived = deferred()
    const answered = deferred()
    server.answer('POST /api/auth/login', async (response, request) => {
      const { email } = JSON.parse(request.body) as { email: string }
      const session = server.issue(email)
      if (email === ada.email) {
        arrived.resolve()
        await answered.promise
      }
      answers.json(session)(response, request)
    })
    const early = one.client.login(ada).then(
      () => expect.fail('logged in'),
      (error: unknown) => error,
    )
    await arrived.promise
    const { token } = await other.client.login(bob)
    answered.resolve()
    expect(await early).toMatchObject({ name: 'SessionEndedError', reason: 'elsewhere' })
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([token]))
    expect(localStorage.getItem('token')).toBe(token)
  })
})

/** A storage of the app's own, as a cookie is: the tabs share it, and nothing tells them that it has changed. */
const shareCookie = () => {
  let cookie: string | null = null
  const storage: TokenStorage = {
    get: () => cookie,
    set: (token) => {
      cookie = token
    },
    remove: () => {
      cookie = null
    },
  }
  return storage
}

describe('tabs that share a storage without events', () => {
  it.each<[string, (tab: ReturnType<typeof openTab>, server: ApiServer) => unknown]>([
    ['login', ({ client }) => client.login(ada)],
    ['register', ({ client }) => client.register(ada)],
    ['setSession', ({ client }, server) => client.setSession(server.issue(ada.email))],
  ])('hear of a %s at once, by a message that says nothing', async (_name, begin) => {
    const sent = vi.spyOn(BroadcastChannel.prototype, 'postMessage')
    mounted.push(() => sent.mockRestore())
    const server = await startApiServer()
    const storage = shareCookie()
    const [one, other] = [openTab(server, { storage }), openTab(server, { storage })]
    expect(other.client.getState().status).toBe('signed-out')
    await begin(one, server)
    await status('signed-in', one, other)
    expect(other.client.getState()).toMatchObject({ user: { email: ada.email }, token: storage.get() })
    const messages = sent.mock.calls.map(([message]) => message as object)
    expect(messages.filter((message) => !('act' in message))).toEqual([{}])
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })

  it('hear of a login that replaces another, and of its logout', async () => {
    const server = await startApiServer()
    const storage = shareCookie()
    const [one, other] = [openTab(server, { storage }), openTab(server, { storage })]
    await one.client.login(ada)
    await status('signed-in', one, other)
    other.queryClient.setQueryData(['notes'], `private note of ${ada.email}`)
    const { token } = await one.client.login(bob)
    await vi.waitFor(() => expect(other.client.getState()).toMatchObject({ status: 'signed-in', token }))
    expect(cached(other)).not.toContain('ada')
    await one.client.logout()
    await status('signed-out', one, other)
    expect(server.received('POST /api/auth/logout')).toHaveLength(2)
  })

  it('outdate no login that another has called since', async () => {
    const server = await startApiServer()
    const storage = shareCookie()
    const [one, other] = [openTab(server, { storage }), openTab(server, { storage })]
    const arrived = deferred()
    const answered = deferred()
    server.answer('POST /api/auth/login', async (response, request) => {
      const { email } = JSON.parse(request.body) as { email: string }
      const session = server.issue(email)
      if (email === bob.email) {
        arrived.resolve()
        await answered.promise
      }
      answers.json(session)(response, request)
    })
    const early = one.client.login(ada)
    const at = Date.now()
    // No two acts of one user are at the same time.
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(at))
    const late = other.client.login(bob)
    await arrived.promise
    await early
    answered.resolve()
    const { token } = await late
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([token]))
    await vi.waitFor(() =>
      expect([one, other].map(({ client }) => client.getState())).toMatchObject([{ token }, { token }]),
    )
  })
})

describe('a tab that missed what another did', () => {
  it.each<[string, () => EventTarget]>([
    ['pageshow', () => window],
    ['focus', () => window],
    ['visibilitychange', () => document],
  ])('reads the storage again on `%s`', async (event, target) => {
    silenceChannels()
    const { server, one, user } = await twoTabs()
    const { token } = server.issue(bob.email)

    localStorage.setItem('token', token)
    expect(one.client.getState()).toMatchObject({ user })
    target().dispatchEvent(new Event(event))
    expect(one.client.getState()).toEqual({ status: 'restoring', user: null, token })
    expect(cached(one)).not.toContain('ada')
    await status('signed-in', one)

    localStorage.removeItem('token')
    expect(one.client.getState()).toMatchObject({ token })
    target().dispatchEvent(new Event(event))
    expect(one.client.getState()).toEqual(elsewhere)
  })

  it('reads the storage again when it is mounted', async () => {
    silenceChannels()
    const server = await startApiServer()
    const { client } = makeClient({ baseUrl: server.baseUrl })
    const heard = vi.fn()
    mounted.push(client.subscribe(heard))
    expect(client.getState().status).toBe('signed-out')
    const { token } = server.issue(ada.email)
    localStorage.setItem('token', token)
    expect(client.getState().status).toBe('signed-out')
    client.mount()
    expect(heard).toHaveBeenCalled()
    mounted.push(() => client.unmount())
    expect(client.getState()).toEqual({ status: 'restoring', user: null, token })
  })

  it('changes nothing where the storage is as it was', async () => {
    const { server, one, other } = await twoTabs()
    const states = [one, other].map(({ client }) => client.getState())
    localStorage.setItem('theme', 'dark')
    tellOfStorage('theme')
    tellOfStorage('token')
    for (const event of ['pageshow', 'focus']) window.dispatchEvent(new Event(event))
    document.dispatchEvent(new Event('visibilitychange'))
    expect(one.client.getState()).toBe(states[0])
    expect(other.client.getState()).toBe(states[1])
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })

  it('does not remove at its logout the newer token of another, and takes it over', async () => {
    silenceChannels()
    const { server, one: stale, user, token } = await twoTabs()
    const next = server.issue(bob.email)
    localStorage.setItem('token', next.token)
    localStorage.setItem('draft of bob', 'private')
    sessionStorage.setItem('draft of ada', 'private')

    const leaving = stale.client.logout()

    expect(stale.client.getState()).toEqual({ status: 'restoring', user: null, token: next.token })
    expect(readStorage(localStorage)).toEqual({ token: next.token, 'draft of bob': 'private' })
    expect({ ...sessionStorage }).toEqual({})
    expect(cached(stale)).not.toContain('ada')
    expect(await leaving).toMatchObject({ user, token, revoked: true })
    expect(server.received('POST /api/auth/logout').map((request) => request.token)).toEqual([token])
    await status('signed-in', stale)
    expect(stale.client.getState()).toEqual({ status: 'signed-in', ...next })
    await vi.waitFor(() => expect(stale.onSignOut.mock.calls).toEqual([[{ reason: 'logout', user }]]))
  })

  it('does not remove the newer token of another when the API rejects its own', async () => {
    silenceChannels()
    const { server, one: stale, token } = await twoTabs()
    const next = server.issue(bob.email)
    localStorage.setItem('token', next.token)
    server.sessions.delete(token)
    await stale.client.api('notes').catch(() => {})
    await status('signed-in', stale)
    expect(stale.client.getState()).toEqual({ status: 'signed-in', ...next })
    expect(localStorage.getItem('token')).toBe(next.token)
  })
})

describe('a browser that refuses channels', () => {
  it.each([
    ['making one', { constructor: true }],
    ['posting on one', { constructor: false }],
  ])('by throwing at %s has tabs that hear of each other by the storage', async (_name, broken) => {
    const refuse = () => {
      throw new DOMException('refused', 'SecurityError')
    }
    class Refusing extends EventTarget {
      postMessage = refuse
      close = () => {}
      constructor() {
        super()
        if (broken.constructor) refuse()
      }
    }
    vi.stubGlobal('BroadcastChannel', Refusing)
    const { one, other, token } = await twoTabs()
    expect(await one.client.logout()).toMatchObject({ token, revoked: true })
    tellOfStorage('token')
    expect(other.client.getState()).toEqual(elsewhere)
    const session = await one.client.login(bob)
    expect(one.client.getState()).toEqual({ status: 'signed-in', ...session })
    // A developer may be told.
    vi.mocked(console.warn).mockClear()
  })
})

describe('messages', () => {
  beforeEach(() => {
    const { postMessage } = BroadcastChannel.prototype
    const spy = vi.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementation(function (
      this: BroadcastChannel,
      message: unknown,
    ) {
      postMessage.call(this, message)
    })
    mounted.push(() => spy.mockRestore())
  })

  it('are sent at logout and rejection, and hold neither token nor user', async () => {
    const { server, one, other, token } = await twoTabs()
    const { calls } = vi.mocked(BroadcastChannel.prototype.postMessage).mock
    expect(calls).toHaveLength(0)
    await one.client.logout()
    expect(calls.length).toBeGreaterThan(0)
    await status('signed-out', one, other)
    const next = await other.client.login(bob)
    const count = calls.length
    server.sessions.clear()
    await other.client.api('notes').catch(() => {})
    expect(calls.length).toBeGreaterThan(count)
    const text = JSON.stringify(calls)
    for (const secret of [token, next.token, 'ada', 'bob']) expect(text).not.toContain(secret)
  })

  it('do not sign out tabs whose session is in a storage of their own', async () => {
    const server = await startApiServer()
    const one = openTab(server, { storage: webStorage('session') })
    // As `sessionStorage` would be in another tab.
    const other = openTab(server, { storage: memoryStorage() })
    const witness = openTab(server)
    await one.client.login(ada)
    const session = await other.client.login(bob)
    localStorage.setItem('token', server.issue(ada.email).token)
    tellOfStorage('token')
    await status('signed-in', witness)

    await one.client.logout()

    // Its logout emptied `localStorage`: once the witness has heard of it, so has the other.
    await status('signed-out', one, witness)
    expect(other.client.getState()).toEqual({ status: 'signed-in', ...session })
    expect(await other.client.api('notes').json()).toEqual([`private note of ${bob.email}`])
    expect(other.onSignOut).not.toHaveBeenCalled()
  })
})

it('apps of one origin with a key each do not hear of each other', async () => {
  const server = await startApiServer()
  const [shop, admin] = ['shop', 'admin'].map((key) =>
    openTab(server, { storage: webStorage('local', key), keepStorage: ['shop', 'admin'] }),
  ) as [ReturnType<typeof openTab>, ReturnType<typeof openTab>]
  admin.client.setSession(server.issue(bob.email))
  const { promise, resolve } = deferred()
  server.answer('POST /api/auth/login', (response, request) => {
    void promise.then(() => answers.json(server.issue(ada.email))(response, request))
  })
  const login = shop.client.login(ada)
  await vi.waitFor(() => expect(server.received('POST /api/auth/login')).toHaveLength(1))
  await admin.client.logout()
  // Ample time for a message.
  await new Promise((resolve) => setTimeout(resolve, 50))
  resolve()
  await login
  await status('signed-in', shop)
  expect(admin.client.getState().status).toBe('signed-out')
})
