import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryStorage, webStorage } from 'signoff'
import { answers, deferred, startApiServer, type ApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

type Message = { from: object; name: string; deliver: (to: HeldChannel) => void }

/** Messages that arrive when the test lets them: late, and in any order. */
const held: Message[] = []
const channels = new Set<HeldChannel>()

class HeldChannel {
  readonly name: string
  #listener: (event: { data: unknown }) => void = () => {}
  #isClosed = false
  constructor(name: string) {
    this.name = name
    channels.add(this)
  }
  addEventListener(_type: string, listener: (event: { data: unknown }) => void): void {
    this.#listener = listener
  }
  hear(data: unknown): void {
    this.#listener({ data })
  }
  postMessage(message: unknown): void {
    if (this.#isClosed) throw new DOMException('closed', 'InvalidStateError')
    const data: unknown = structuredClone(message)
    held.push({ from: this, name: this.name, deliver: (to) => to.hear(data) })
  }
  close(): void {
    this.#isClosed = true
    channels.delete(this)
  }
}

const deliver = (messages: Message[] = held.splice(0)): void => {
  for (const { from, name, deliver: tell } of messages)
    for (const channel of channels) if (channel !== from && channel.name === name) tell(channel)
}

const hour = 3_600_000

/** The tokens of the logout requests, as the tabs send them. */
const logouts: string[] = []

const mounted: (() => void)[] = []
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  vi.stubGlobal('BroadcastChannel', HeldChannel)
})
afterEach(() => {
  for (const unmount of mounted.splice(0)) unmount()
  held.length = 0
  logouts.length = 0
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const openTab = (server: ApiServer, options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const send = (request: Request) => {
    const [, token = ''] = request.headers.get('Authorization')?.split(' ') ?? []
    if (request.url.endsWith('/logout')) logouts.push(token)
    return fetch(request)
  }
  const tab = makeClient({ baseUrl: server.baseUrl, fetch: send, ...options })
  tab.client.mount()
  mounted.push(tab.client.unmount)
  return tab.client
}

/** The storage tells the tabs, as it does in a browser: each reads it again. */
const tellOfStorage = () => window.dispatchEvent(new StorageEvent('storage', { key: null }))

/** A moment later: no two acts of one user are at the same time. */
const later = () => vi.advanceTimersByTime(10)

const error = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('succeeded'),
    (reason: unknown) => reason,
  )

/** A login whose answer comes when the test says so. */
const slowLogin = (server: ApiServer) => {
  const arrived = deferred()
  const answered = deferred()
  server.answer('POST /api/auth/login', async (response, request) => {
    arrived.resolve()
    await answered.promise
    answers.json(server.issue(ada.email))(response, request)
  })
  return { arrived: arrived.promise, answer: () => answered.resolve() }
}

const outdated = { name: 'SessionEndedError', reason: 'elsewhere' }

describe('a login under way', () => {
  it('is outdated by a logout in another tab where nobody is signed in', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const slow = slowLogin(server)
    const login = error(one.login(ada))
    await slow.arrived
    later()
    await other.logout()
    deliver()
    slow.answer()
    expect(await login).toMatchObject(outdated)
    expect(one.getState().status).toBe('signed-out')
    await vi.waitFor(() => expect(server.sessions.size).toBe(0))
  })

  it('is not outdated by a logout before it of which word comes late', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    await other.logout()
    later()
    const slow = slowLogin(server)
    const login = one.login(ada)
    await slow.arrived
    deliver()
    slow.answer()
    const { token } = await login
    expect(one.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it.each(['nobody', 'somebody'])(
    'is not outdated by a later login in another tab that fails, where %s is signed in',
    async (who) => {
      const server = await startApiServer()
      const [one, other] = [openTab(server), openTab(server)]
      if (who === 'somebody') one.setSession(server.issue(bob.email))
      const slow = slowLogin(server)
      const login = one.login(ada)
      await slow.arrived
      later()
      server.answer('POST /api/auth/login', answers.json({ message: 'No' }, 401))
      expect(await error(other.login(bob))).toMatchObject({ name: 'RequestError', status: 401 })
      deliver()
      slow.answer()
      const { token } = await login
      expect(one.getState()).toMatchObject({ status: 'signed-in', token })
    },
  )

  it('is outdated by a logout in another tab although the clock was set back before that', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const slow = slowLogin(server)
    const login = error(one.login(ada))
    await slow.arrived
    vi.setSystemTime(Date.now() - hour)
    await other.logout()
    deliver()
    slow.answer()
    expect(await login).toMatchObject(outdated)
    expect(one.getState().status).toBe('signed-out')
    await vi.waitFor(() => expect(server.sessions.size).toBe(0))
  })

  it('rejects with what outdated it first: a logout here, then a login and a logout in another tab', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const slow = slowLogin(server)
    const login = error(one.login(ada))
    await slow.arrived
    later()
    await one.logout()
    later()
    server.answer('POST /api/auth/login', answers.json(server.issue(bob.email)))
    await other.login(bob)
    deliver()
    later()
    await other.logout()
    deliver()
    slow.answer()
    expect(await login).toMatchObject({ name: 'SessionEndedError', reason: 'logout' })
  })

  it('rejects with the logout here that outdated it, although another tab is signed in by then', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const slow = slowLogin(server)
    const login = error(one.login(ada))
    await slow.arrived
    later()
    await one.logout()
    later()
    server.answer('POST /api/auth/login', answers.json(server.issue(bob.email)))
    const { token } = await other.login(bob)
    deliver()
    slow.answer()
    expect(await login).toMatchObject({ name: 'SessionEndedError', reason: 'logout' })
    expect(one.getState().token).toBe(token)
  })

  it('is outdated with the reason `elsewhere` by a later login in another tab that succeeds', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const slow = slowLogin(server)
    const login = error(one.login(ada))
    await slow.arrived
    later()
    server.answer('POST /api/auth/login', answers.json(server.issue(bob.email)))
    const { token } = await other.login(bob)
    deliver()
    slow.answer()
    expect(await login).toMatchObject(outdated)
    expect(one.getState().token).toBe(token)
  })

  it('is outdated where the session before it has gone from the storage, before any word of that', async () => {
    const server = await startApiServer()
    const one = openTab(server)
    await one.login(bob)
    const slow = slowLogin(server)
    const login = error(one.login(ada))
    await slow.arrived
    localStorage.clear()
    slow.answer()
    expect(await login).toMatchObject(outdated)
    expect(one.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
  })

  it('that had its answer before word of a newer logout came ends then, and its token is revoked once', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const slow = slowLogin(server)
    const login = one.login(ada)
    await slow.arrived
    later()
    await other.logout()
    later()
    slow.answer()
    const { token } = await login
    expect(one.getState().status).toBe('signed-in')
    deliver()
    expect(one.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
    tellOfStorage()
    deliver()
    await vi.advanceTimersByTimeAsync(5000)
    await vi.waitFor(() => expect(server.sessions.size).toBe(0))
    expect(logouts).toEqual([token])
    expect(other.getState().status).toBe('signed-out')
  })

  it('of which word of a logout comes late does not take the session that was set after it along', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const slow = slowLogin(server)
    const login = one.login(ada)
    await slow.arrived
    later()
    await other.logout()
    later()
    slow.answer()
    await login
    const next = server.issue(bob.email)
    one.setSession(next)
    deliver()
    expect(one.getState()).toMatchObject({ status: 'signed-in', token: next.token })
  })

  it('is not ended by a logout after it has brought its session, in a tab with a storage of its own', async () => {
    const server = await startApiServer()
    const one = openTab(server, { storage: memoryStorage() })
    const other = openTab(server, { storage: memoryStorage() })
    await other.login(bob)
    const { token } = await one.login(ada)
    later()
    await other.logout()
    deliver()
    expect(one.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it.each([
    ['in memory', () => memoryStorage()],
    ['in its sessionStorage', (key: string) => webStorage('session', key)],
  ])(
    'is not outdated by a logout in another tab, where each has a token of its own %s',
    async (_where, keep) => {
      const server = await startApiServer()
      const one = openTab(server, { storage: keep('one'), clearStorage: 'token' })
      const other = openTab(server, { storage: keep('other'), clearStorage: 'token' })
      await other.login(bob)
      const answered = deferred()
      server.answer('POST /api/auth/login', async (response, request) => {
        await answered.promise
        answers.json(server.issue(ada.email))(response, request)
      })
      const login = one.login(ada)
      later()
      await other.logout()
      deliver()
      answered.resolve()
      const { token } = await login
      expect(one.getState()).toMatchObject({ status: 'signed-in', token })
    },
  )
})

describe('the token of a session that ended elsewhere', () => {
  it('is revoked a second later where other code has emptied the storage', async () => {
    const server = await startApiServer()
    const client = openTab(server)
    const { token } = await client.login(ada)
    localStorage.clear()
    tellOfStorage()
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
    await vi.advanceTimersByTimeAsync(999)
    expect(logouts).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(logouts).toEqual([token])
  })

  it('is revoked where other code has emptied the storage, although the clock was set back before that', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    await other.login(bob)
    tellOfStorage()
    await other.logout()
    deliver()
    other.unmount()
    const { token } = await one.login(ada)
    await vi.advanceTimersByTimeAsync(5000)
    logouts.length = 0
    vi.setSystemTime(Date.now() - hour)
    localStorage.clear()
    tellOfStorage()
    await vi.advanceTimersByTimeAsync(1000)
    expect(logouts).toEqual([token])
    await vi.waitFor(() => expect(server.sessions.size).toBe(0))
  })

  it('is revoked although somebody who was not signed in has logged out since, or another session ended', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const { token } = await one.login(ada)
    localStorage.clear()
    tellOfStorage()
    await other.logout()
    later()
    const next = await other.login(bob)
    await other.logout()
    deliver()
    vi.advanceTimersByTime(1000)
    await vi.waitFor(() => expect(new Set(logouts)).toEqual(new Set([next.token, token])))
  })

  it.each(['before the storage shows it', 'before the storage event', 'after the storage event'])(
    'is left to the tab that ended it, when word of it comes %s',
    async (order) => {
      const server = await startApiServer()
      let stale: string | null = null
      const storage = { ...webStorage('local'), get: () => stale ?? localStorage.getItem('token') }
      const [one, other] = [openTab(server), openTab(server, { storage })]
      const { token } = await one.login(ada)
      tellOfStorage()
      deliver()
      expect(other.getState().token).toBe(token)
      // A browser with a process for each tab has a storage for each, and brings them into line.
      if (order === 'before the storage shows it') stale = token
      const logout = one.logout()
      if (order.startsWith('before')) deliver()
      stale = null
      tellOfStorage()
      deliver()
      await logout
      await vi.advanceTimersByTimeAsync(5000)
      expect(other.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
      expect(logouts).toEqual([token])
    },
  )

  it('is revoked by the tab that alone knew it when another tab’s session takes over', async () => {
    const server = await startApiServer()
    const full = {
      ...webStorage('local'),
      set: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    const [one, other] = [openTab(server, { storage: full }), openTab(server)]
    const { token } = await one.login(ada)
    vi.mocked(console.warn).mockClear()
    const next = await other.login(bob)
    tellOfStorage()
    deliver()
    expect(one.getState().token).toBe(next.token)
    vi.advanceTimersByTime(1000)
    await vi.waitFor(() => expect(logouts).toEqual([token]))
    expect([...server.sessions.keys()]).toEqual([next.token])
  })

  it('is revoked once where a login replaced it in one of two tabs', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const { token } = await one.login(ada)
    tellOfStorage()
    deliver()
    expect(other.getState().token).toBe(token)
    later()
    const next = await one.login(bob)
    deliver()
    tellOfStorage()
    await vi.advanceTimersByTimeAsync(5000)
    expect(other.getState().token).toBe(next.token)
    expect(logouts).toEqual([token])
  })

  it('is asked about by nobody where the API rejected it in another tab', async () => {
    const server = await startApiServer()
    const [one, other] = [openTab(server), openTab(server)]
    const { token } = await one.login(ada)
    tellOfStorage()
    deliver()
    await vi.waitFor(() => expect(other.getState()).toMatchObject({ status: 'signed-in', token }))
    server.sessions.delete(token)
    await expect(one.api('notes')).rejects.toMatchObject({ reason: 'rejected' })
    deliver()
    expect(other.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
    await vi.advanceTimersByTimeAsync(5000)
    expect(logouts).toEqual([])
  })

  it('is revoked where a session is set here before word of it has come', async () => {
    const server = await startApiServer()
    const client = openTab(server)
    await client.login(ada)
    const foreign = server.issue(ada.email)
    localStorage.setItem('token', foreign.token)
    const { token, user } = server.issue(bob.email)
    client.setSession({ token, user })
    await vi.advanceTimersByTimeAsync(0)
    expect(logouts).toEqual([foreign.token])
    expect(localStorage.getItem('token')).toBe(token)
  })

  it('is revoked where a session is set here before it shows that other code has emptied the storage', async () => {
    const server = await startApiServer()
    const client = openTab(server)
    const { token } = await client.login(ada)
    localStorage.clear()
    const next = server.issue(bob.email)
    client.setSession(next)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: next.token })
    await vi.advanceTimersByTimeAsync(1000)
    expect(logouts).toEqual([token])
  })

  it('is not revoked where tabs have no channel: another may see to it', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    const server = await startApiServer()
    const client = openTab(server)
    await client.login(ada)
    localStorage.clear()
    tellOfStorage()
    expect(client.getState().status).toBe('signed-out')
    await vi.advanceTimersByTimeAsync(5000)
    expect(logouts).toEqual([])
  })

  it('is not revoked once the tab is closed', async () => {
    const server = await startApiServer()
    const client = openTab(server)
    await client.login(ada)
    localStorage.clear()
    tellOfStorage()
    client.unmount()
    await vi.advanceTimersByTimeAsync(5000)
    await client.logout()
    expect(logouts).toEqual([])
  })
})

it('tells the developer of a revocation that nobody asks about and the server refuses', async () => {
  const server = await startApiServer()
  const client = openTab(server)
  const { token } = await client.login(ada)
  server.answer('POST /api/auth/logout', answers.json({ message: 'No' }, 403))
  await client.login(bob)
  await vi.waitFor(() => expect(console.warn).toHaveBeenCalledOnce())
  expect(vi.mocked(console.warn).mock.calls[0]?.[1]).toMatchObject({ name: 'RequestError', status: 403 })
  expect(JSON.stringify(vi.mocked(console.warn).mock.calls)).not.toContain(token)
  vi.mocked(console.warn).mockClear()
})

it('keeps a session in memory when another tab removes what this one could not, and stores it when it can', async () => {
  const server = await startApiServer()
  let isFull = false
  const fail = (): never => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  const local = memoryStorage()
  const client = openTab(server, {
    storage: {
      get: local.get,
      set: (token) => (isFull ? fail() : local.set(token)),
      remove: () => (isFull ? fail() : local.remove()),
    },
  })
  const before = await client.login(ada)
  isFull = true
  const { token } = await client.login(bob)
  vi.mocked(console.warn).mockClear()
  expect(local.get()).toBe(before.token)

  local.remove()
  tellOfStorage()
  expect(client.getState().token).toBe(token)
  isFull = false
  tellOfStorage()
  expect(local.get()).toBe(token)
})

it('has one channel while it is mounted, and none after', async () => {
  const server = await startApiServer()
  const client = openTab(server)
  expect(channels.size).toBe(1)
  client.unmount()
  expect(channels.size).toBe(0)
  client.setSession(server.issue(ada.email))
  await client.logout()
  expect(channels.size).toBe(0)
  client.mount()
  expect(channels.size).toBe(1)
})

it('tells the other tabs of no end where a session is set again with the same token', async () => {
  const server = await startApiServer()
  const client = openTab(server)
  const session = server.issue(ada.email)
  client.setSession(session)
  client.setSession({ ...session, user: { ...session.user, email: 'ada@new.example' } })
  expect(held).toEqual([])
  expect(client.getState()).toMatchObject({ token: session.token, user: { email: 'ada@new.example' } })
})

it('does not bring back what another tab has stored and removed since this one could not store', async () => {
  const server = await startApiServer()
  let isFull = false
  const storage = memoryStorage()
  const { set } = storage
  storage.set = (token) => {
    if (isFull) throw new DOMException('full', 'QuotaExceededError')
    set(token)
  }
  const client = openTab(server, { storage })
  await client.login(ada)
  isFull = true
  await client.login(bob)
  vi.mocked(console.warn).mockClear()
  isFull = false
  const { token } = server.issue(ada.email)
  storage.set(token)
  tellOfStorage()
  expect(client.getState().token).toBe(token)
  storage.remove()
  tellOfStorage()
  expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
  expect(storage.get()).toBeNull()
})

it('is the only tab to revoke what it takes its time to forget', async () => {
  const server = await startApiServer()
  const one = openTab(server, {
    // Asked while the session is being forgotten.
    keepStorage: () => {
      later()
      tellOfStorage()
      later()
      return false
    },
  })
  const other = openTab(server)
  const { token } = await one.login(ada)
  tellOfStorage()
  deliver()
  expect(other.getState().token).toBe(token)
  localStorage.setItem('draft', 'of ada')
  await one.logout()
  deliver()
  await vi.advanceTimersByTimeAsync(5000)
  expect(other.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
  expect(logouts).toEqual([token])
})

it.each([
  ['answered before', true],
  ['answered after', false],
])(
  'leaves a login alone, %s word of it comes, where a logout was in a tab with a token of its own',
  async (_when, isAnswered) => {
    const server = await startApiServer()
    const one = openTab(server, { storage: memoryStorage() })
    const other = openTab(server, { storage: webStorage('session') })
    await other.login(bob)
    deliver()
    const slow = slowLogin(server)
    const login = one.login(ada)
    await slow.arrived
    later()
    await other.logout()
    later()
    if (!isAnswered) deliver()
    slow.answer()
    const { token } = await login
    deliver()
    expect(one.getState()).toMatchObject({ status: 'signed-in', token })
  },
)

it.each(['before the storage shows it', 'before the storage event', 'after the storage event'])(
  'keeps a login that is newer than the logout of which the session before it ended, word of which comes %s',
  async (order) => {
    const server = await startApiServer()
    let stale: string | null = null
    const storage = { ...webStorage('local'), get: () => stale ?? localStorage.getItem('token') }
    const [one, other, third] = [openTab(server), openTab(server), openTab(server, { storage })]
    const slow = slowLogin(server)
    const first = one.login(ada)
    await slow.arrived
    later()
    await other.logout()
    const word = held.splice(0)
    later()
    slow.answer()
    await first
    tellOfStorage()
    later()
    const next = slowLogin(server)
    const login = third.login(bob)
    await next.arrived
    held.length = 0

    if (order === 'before the storage shows it') stale = third.getState().token
    deliver(word)
    expect(one.getState().status).toBe('signed-out')
    if (order.startsWith('before')) deliver()
    stale = null
    tellOfStorage()
    deliver()
    next.answer()
    const { token } = await login
    expect(third.getState()).toMatchObject({ status: 'signed-in', token })
  },
)

it('keeps a login when the API rejects in another tab the token that it is about to replace', async () => {
  const server = await startApiServer()
  const [one, other] = [openTab(server), openTab(server)]
  await one.login(ada)
  tellOfStorage()
  later()
  const slow = slowLogin(server)
  const login = one.login(bob)
  await slow.arrived
  held.length = 0
  server.sessions.clear()
  await other.api('notes').catch(() => {})
  tellOfStorage()
  deliver()
  expect(one.getState().status).toBe('signed-out')
  slow.answer()
  const { token } = await login
  expect(one.getState()).toMatchObject({ status: 'signed-in', token })
})

it('empties what was written to localStorage before it heard that the session has ended', async () => {
  const server = await startApiServer()
  const [one, other] = [openTab(server), openTab(server)]
  await one.login(ada)
  tellOfStorage()
  deliver()
  const logout = one.logout()
  localStorage.setItem('draft', 'Dear Bob')
  tellOfStorage()
  expect(other.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
  expect(localStorage).toHaveLength(0)
  await logout
})

it('is signed out by word alone where a storage has no events, and the first word comes before it shows anything', async () => {
  const server = await startApiServer()
  let stored: string | null = null
  const storage = {
    get: () => stored,
    set: (token: string) => {
      stored = token
    },
    remove: () => {
      deliver()
      stored = null
    },
  }
  const [one, other] = [openTab(server, { storage }), openTab(server, { storage })]
  const { token } = await one.login(ada)
  deliver()
  document.dispatchEvent(new Event('visibilitychange'))
  expect(other.getState().token).toBe(token)
  await one.logout()
  deliver()
  expect(other.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
  await vi.advanceTimersByTimeAsync(5000)
  expect(logouts).toEqual([token])
})
