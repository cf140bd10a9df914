import { onlineManager, useQuery } from '@tanstack/react-query'
import { act, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { asyncStorage, memoryStorage, SignedIn, useSession, useToken } from 'signoff'
import { tokenRefresh, type TokenRefreshOptions } from 'signoff/refresh'
import { answers, deferred, type TestUser } from '../support/apiServer.ts'
import { logoutRoute, type Pair, refreshRoute } from '../support/handOutPairs.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'
import { ended, failure } from '../support/requests.ts'
import { holdLocks, installLocks } from './installLocks.ts'
import { startTokenServer } from './startTokenServer.ts'

type Options = Partial<Parameters<typeof makeClient>[0]> & { refreshOptions?: TokenRefreshOptions }

const start = async ({ refreshOptions, ...options }: Options = {}) => {
  const server = await startTokenServer()
  const makeTab = (own: Options = {}) => {
    const tab = makeClient({
      baseUrl: server.baseUrl,
      refresh: tokenRefresh(refreshOptions),
      ...options,
      ...own,
    })
    return {
      ...tab,
      api: tab.client.api.extend({ retry: 0 }),
      notes: () => tab.client.fetch(`${server.baseUrl}/notes`),
    }
  }
  const tab = makeTab()
  await tab.client.login(ada)
  return { server, makeTab, ...tab }
}

/** A tab of a session that has begun before: what a test gives up soon must not be its login. */
const startImpatient = async (timeout: number) => {
  const { server, makeTab } = await start()
  const tab = makeTab({ timeout })
  onTestFinished(tab.client.mount())
  await vi.waitFor(() => expect(tab.client.getState().status).toBe('signed-in'))
  return { server, ...tab }
}

const tokens = (text: string | null) => JSON.parse(text ?? '{}') as { token: string; refreshToken: string }

/** The clock of the page, which apps and sleep may move. */
const moveClock = (milliseconds: number): void => {
  const now = Date.now.bind(Date)
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + milliseconds)
  onTestFinished(() => clock.mockRestore())
}

/** Whatever takes longer than a moment takes a quarter of an hour. */
const stretchTime = (moment: number): void => {
  const { setTimeout } = globalThis
  vi.stubGlobal('setTimeout', (run: () => void, delay = 0) =>
    setTimeout(run, delay < moment ? delay : delay * 1000),
  )
}

const readStorage = () => Object.entries({ ...localStorage }) as [string, string][]

/** As another process sees it. */
const writeStorage = (entries: ReturnType<typeof readStorage>): void =>
  entries.forEach(([key, value]) => localStorage.setItem(key, value))

/** A user that is read only when it is let go on. */
const holdUsers = () => {
  const read = deferred()
  const holding = { isOn: false }
  const validate = async (value: unknown) => {
    if (holding.isOn) await read.promise
    return { value: value as TestUser }
  }
  const userSchema = { '~standard': { version: 1 as const, vendor: 'test', validate } }
  return { holding, release: read.resolve, userSchema }
}

beforeEach(installLocks)

describe('rule 1: only a refusal ends the session', () => {
  it.each([
    ['no answer', answers.reset, { code: 'network' }],
    ['429', answers.status(429), { code: 'http', status: 429 }],
    ['503', answers.status(503), { code: 'http', status: 503 }],
    ['an HTML page', answers.text('<!doctype html><p>Log in', 'text/html'), { code: 'invalid-response' }],
    ['a proxy’s 403', answers.text('<html><p>Blocked', 'text/html', 403), { code: 'http', status: 403 }],
    ['JSON without a token', answers.json({ ok: true }), { code: 'invalid-response' }],
  ])('%s fails the request that waited, and nothing else', async (_name, answer, expected) => {
    const { server, client, notes } = await start()
    server.expire()
    server.answer(refreshRoute, answer)
    expect(await failure(notes())).toMatchObject({ name: 'RequestError', ...expected })
    expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: ada.email } })
    expect(tokens(localStorage.getItem('token')).refreshToken).toBe('refresh-1-of-ada@example.com')
  })

  it.each([400, 401, 403])('%s ends it as rejected, without a logout request', async (status) => {
    const { server, client, notes } = await start()
    server.expire()
    server.answer(refreshRoute, answers.json({ error: 'invalid_grant' }, status))
    expect(await failure(notes())).toEqual(ended('rejected'))
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    expect(localStorage.length).toBe(0)
    expect(server.received(logoutRoute)).toEqual([])
  })

  it('a failure is not tried again before its cool-down is over', async () => {
    const { server, notes } = await start()
    server.expire()
    server.answer(refreshRoute, answers.status(503))
    for (let round = 0; round < 5; round += 1)
      expect(await failure(notes())).toMatchObject({ name: 'RequestError', status: 503 })
    expect(server.refreshes()).toHaveLength(1)
  })

  it('nor before Retry-After, after which it succeeds', async () => {
    const { server, notes } = await start()
    const elapsed = performance.now.bind(performance)
    let later = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => elapsed() + later)
    onTestFinished(() => clock.mockRestore())
    server.expire()
    server.answer(
      refreshRoute,
      answers.status(429, { 'Retry-After': '30', 'Access-Control-Expose-Headers': '*' }),
    )
    expect(await failure(notes())).toMatchObject({ status: 429 })
    later = 29_000
    expect(await failure(notes())).toMatchObject({ status: 429 })
    expect(server.refreshes()).toHaveLength(1)
    later = 31_000
    server.answer(refreshRoute, (response, request) =>
      answers.json(server.refresh('refresh-1-of-ada@example.com'))(response, request),
    )
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(2)
  })

  it('the app may say itself what a refusal is', async () => {
    const isRefusal = async (response: Response) =>
      ((await response.json()) as { error?: string }).error === 'invalid_grant'
    const { server, client, notes } = await start({ refreshOptions: { isRefusal } })
    server.expire()
    server.answer(refreshRoute, answers.json({ error: 'busy' }, 400))
    expect(await failure(notes())).toMatchObject({ name: 'RequestError', status: 400 })
    expect(client.getState().status).toBe('signed-in')
  })
})

describe('rule 2: an early refresh that fails ends nothing while the token still works', () => {
  it.each([
    ['no answer', answers.reset],
    ['503', answers.status(503)],
    ['a refusal', answers.status(401)],
  ])('%s', async (_name, answer) => {
    const { server, client, notes } = await start()
    server.answer(refreshRoute, answer)
    moveClock(45_000)
    expect((await notes()).status).toBe(200)
    expect(server.refreshes().length).toBeGreaterThan(0)
    expect(client.getState()).toMatchObject({ status: 'signed-in' })
    const count = server.refreshes().length
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(count)
  })
})

describe('rule 3: one flight for each refused token', () => {
  it('a hundred requests at once refresh once', async () => {
    const { server, client, notes } = await start()
    server.expire()
    const responses = await Promise.all(Array.from({ length: 100 }, notes))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(server.refreshes()).toHaveLength(1)
    expect(client.getState().status).toBe('signed-in')
  })

  it('also where there are no locks', async () => {
    vi.stubGlobal('navigator', { ...navigator, locks: undefined })
    const { server, notes } = await start()
    server.expire()
    await Promise.all(Array.from({ length: 100 }, notes))
    expect(server.refreshes()).toHaveLength(1)
  })

  it('a late 401 to an older token repeats with the current one, without a refresh', async () => {
    const { server, client, notes, api } = await start()
    const { token } = client.getState()
    const arrived = deferred()
    const refused = deferred()
    server.answer('GET /api/slow', async (response, request) => {
      if (request.token === token) {
        arrived.resolve()
        await refused.promise
        return answers.status(401)(response, request)
      }
      return answers.json('late')(response, request)
    })
    const slow = api('slow').json()
    await arrived.promise
    server.expire()
    await notes()
    refused.resolve()
    expect(await slow).toBe('late')
    expect(server.refreshes()).toHaveLength(1)
  })
})

describe('rule 3, where another tab has refreshed and this one has not heard of it', () => {
  const startTwo = async () => {
    const { makeTab, ...one } = await start()
    const two = makeTab()
    onTestFinished(two.client.mount())
    await vi.waitFor(() => expect(two.client.getState().status).toBe('signed-in'))
    one.server.expire()
    await one.notes()
    expect(two.client.getState().token).not.toBe(one.client.getState().token)
    return { ...one, two }
  }

  it('a 401 repeats with the token of the other tab', async () => {
    const { server, client, two } = await startTwo()
    expect((await two.notes()).status).toBe(200)
    expect(two.client.getState()).toEqual(client.getState())
    expect(server.refreshes()).toHaveLength(1)
  })

  it('and refreshes that once it has expired too: nobody is signed out', async () => {
    const { server, client, notes, two } = await startTwo()
    server.expire()
    expect((await two.notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(2)
    expect((await notes()).status).toBe(200)
    expect(client.getState()).toEqual(two.client.getState())
    expect(server.refreshes()).toHaveLength(2)
    expect(server.alarms).toEqual([])
  })

  it('so does the user query', async () => {
    const { server, client, two } = await startTwo()
    const { token } = client.getState()
    server.expire()
    await two.queryClient.refetchQueries(two.client.userOptions)
    expect(two.client.getState()).toMatchObject({ status: 'signed-in', user: { email: ada.email } })
    expect(two.client.getState().token).not.toBe(token)
    expect(server.refreshes()).toHaveLength(2)
  })
})

describe('rule 4: a request is repeated once', () => {
  it.each<[string, RequestInit]>([
    ['text', { body: 'text' }],
    ['JSON', { body: '{"a":1}', headers: { 'Content-Type': 'application/json', 'X-Own': 'own' } }],
    ['a form', { body: new URLSearchParams({ a: '1' }) }],
    ['a blob', { body: new Blob(['blob']) }],
  ])('with its headers and its body made anew: %s', async (_name, init) => {
    const { server, client } = await start()
    server.expire()
    expect((await client.fetch(`${server.baseUrl}/notes`, { method: 'POST', ...init })).status).toBe(200)
    const [first, second] = server.received('POST /api/notes')
    expect(first?.body).not.toBe('')
    expect([second?.body, second?.headers['content-type'], second?.headers['x-own']]).toEqual([
      first?.body,
      first?.headers['content-type'],
      first?.headers['x-own'],
    ])
    expect(second?.token).toBe(client.getState().token)
  })

  it.each(['fetch', 'api'] as const)('also where %s is given a Request', async (name) => {
    const { server, client } = await start()
    server.expire()
    await client[name](new Request(`${server.baseUrl}/notes`, { method: 'POST', body: 'text' }))
    expect(server.received('POST /api/notes').map(({ body }) => body)).toEqual(['text', 'text'])
  })

  it('a body that can be read but once is said so by the error, and not sent empty', async () => {
    const { server, client } = await start()
    server.expire()
    const init = { method: 'POST', body: new Blob(['once']).stream(), duplex: 'half' } as RequestInit
    const error = await failure(client.fetch(`${server.baseUrl}/notes`, init))
    expect(error).toMatchObject({
      name: 'RequestError',
      status: 401,
      message: expect.stringContaining('only once'),
    })
    expect(server.received('POST /api/notes')).toHaveLength(1)
    expect(client.getState().status).toBe('signed-in')
  })

  it('a second 401, to the fresh token, is a rejection: no loop', async () => {
    const { server, client, notes } = await start()
    server.answer('GET /api/notes', answers.status(401))
    expect(await failure(notes())).toEqual(ended('rejected'))
    expect(server.received('GET /api/notes')).toHaveLength(2)
    expect(server.refreshes()).toHaveLength(1)
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
  })

  it('by api as well, with ky’s own retries', async () => {
    const { server, client } = await start()
    server.expire()
    expect(await client.api.post('notes', { json: { text: 'new' } }).json()).toEqual([
      `private note of ${ada.email}`,
    ])
    expect(server.received('POST /api/notes').map(({ body }) => body)).toEqual([
      '{"text":"new"}',
      '{"text":"new"}',
    ])
  })
})

describe('rule 5: one flight across tabs', () => {
  it('ten tabs that wake with an expired token refresh once, and none is signed out', async () => {
    const { server, makeTab } = await start()
    const tabs = Array.from({ length: 10 }, makeTab)
    for (const { client } of tabs) {
      client.mount()
      await vi.waitFor(() => expect(client.getState().status).toBe('signed-in'))
    }
    server.expire()
    const refused = deferred()
    server.answer('GET /api/notes', async (response, request) => {
      // All are refused in one moment.
      if (server.received('GET /api/notes').length === 20) refused.resolve()
      await refused.promise
      answers.status(server.sessions.has(request.token ?? '') ? 200 : 401)(response, request)
    })
    const responses = await Promise.all(tabs.flatMap(({ notes }) => [notes(), notes()]))
    expect(responses.every(({ ok }) => ok)).toBe(true)
    expect(server.refreshes()).toHaveLength(1)
    expect(server.alarms).toEqual([])
    const { token } = tokens(localStorage.getItem('token'))
    for (const { client } of tabs) {
      expect(client.getState().token).toBe(token)
      client.unmount()
    }
  })

  it('who waits for another tab takes over what it has stored, and waits no longer', async () => {
    const { server, makeTab } = await start()
    const tabs = Array.from({ length: 10 }, makeTab)
    for (const { client } of tabs) onTestFinished(client.mount())
    stretchTime(1000)
    server.expire()
    const responses = await Promise.all(tabs.map(({ notes }) => notes()))
    expect(responses.every(({ ok }) => ok)).toBe(true)
    expect(server.refreshes()).toHaveLength(1)
  })

  it('in a storage of the app’s own, which says nothing of the session, two tabs go on with one', async () => {
    const { get, set, remove } = memoryStorage()
    const { server, makeTab, ...tab } = await start({ storage: { get, set, remove } })
    const tabs = [tab, makeTab()]
    for (const { client } of tabs) onTestFinished(client.mount())
    await vi.waitFor(() => expect(tabs[1]?.client.getState().status).toBe('signed-in'))
    const signals = tabs.map(({ client }) => client.getSignal())
    for (let round = 1; round <= 3; round += 1) {
      server.expire()
      const responses = await Promise.all(tabs.map(({ notes }) => notes()))
      expect(responses.map(({ status }) => status)).toEqual([200, 200])
      expect(server.refreshes()).toHaveLength(round)
    }
    expect(tabs.map(({ client }) => client.getSignal())).toEqual(signals)
    await tab.client.logout()
    expect([get(), server.alive(), server.alarms]).toEqual([null, [], []])
  })

  it('in a storage whose functions return promises, what the other tab has written is waited for', async () => {
    const device = new Map<string, string>()
    const nextTask = () => new Promise((resolve) => setTimeout(resolve))
    const makeStorage = () =>
      asyncStorage({
        getItem: (key) => nextTask().then(() => device.get(key) ?? null),
        setItem: (key, value) => nextTask().then(() => void device.set(key, value)),
        removeItem: (key) => nextTask().then(() => void device.delete(key)),
      })
    const { server, makeTab, ...first } = await start({ storage: makeStorage() })
    await vi.waitFor(() => expect(device.has('token')).toBe(true))
    const second = makeTab({ storage: makeStorage() })
    for (const { client } of [first, second]) onTestFinished(client.mount())
    await vi.waitFor(() => expect(second.client.getState().status).toBe('signed-in'))
    for (let round = 1; round <= 3; round += 1) {
      server.expire()
      const responses = await Promise.all([first.notes(), second.notes()])
      expect(responses.map(({ status }) => status)).toEqual([200, 200])
      expect(server.refreshes()).toHaveLength(round)
    }
    expect(server.alarms).toEqual([])
    await first.client.logout()
    await vi.waitFor(() => expect([...device.keys()]).toEqual([]))
    expect(server.alive()).toEqual([])
  })

  it('a tab that gets the lock before it sees what another has stored waits for that', async () => {
    const { server, makeTab, notes } = await start()
    const other = makeTab()
    other.client.mount()
    await vi.waitFor(() => expect(other.client.getState().status).toBe('signed-in'))
    const before = readStorage()
    server.expire()
    await notes()
    const after = readStorage()
    // Another process sees what was stored a moment after it has got the lock.
    writeStorage(before)
    const late = other.notes()
    await vi.waitFor(() => expect(server.received('GET /api/notes')).toHaveLength(3))
    setTimeout(() => writeStorage(after), 100)
    expect((await late).status).toBe(200)
    expect(server.refreshes()).toHaveLength(1)
    expect(server.alarms).toEqual([])
    other.client.unmount()
  })

  it('a tab that has not heard of a refresh refreshes itself where the token that it takes over has expired too', async () => {
    const { server, makeTab, notes } = await start()
    const other = makeTab()
    onTestFinished(other.client.mount())
    await vi.waitFor(() => expect(other.client.getState().status).toBe('signed-in'))
    server.expire()
    await notes()
    server.expire()
    expect((await other.notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(2)

    // So does its question for the user.
    server.expire()
    await notes()
    server.expire()
    await other.queryClient.refetchQueries({ queryKey: other.client.userOptions.queryKey })
    expect(other.client.getState()).toMatchObject({ status: 'signed-in', user: { email: ada.email } })
    expect(server.refreshes()).toHaveLength(4)
    expect(server.alarms).toEqual([])
  })

  it('where there are no locks, what another tab has stored is adopted, and a spare answer does not outlive the session', async () => {
    vi.stubGlobal('navigator', { ...navigator, locks: undefined })
    const { server, makeTab, client, notes } = await start()
    const other = makeTab()
    other.client.mount()
    await vi.waitFor(() => expect(other.client.getState().status).toBe('signed-in'))
    const first = tokens(localStorage.getItem('token'))
    const held = deferred()
    server.expire()
    // A server with a grace: the same refresh token is answered twice.
    server.answer(refreshRoute, async (response, request) => {
      const isFirst = server.refreshes().length === 1
      const pair = server.open(ada.email)
      if (isFirst) await held.promise
      answers.json(pair)(response, request)
    })
    const slow = notes()
    await vi.waitFor(() => expect(server.refreshes()).toHaveLength(1))
    expect((await other.notes()).status).toBe(200)
    const adopted = tokens(localStorage.getItem('token'))
    expect(adopted.token).not.toBe(first.token)
    held.resolve()
    expect((await slow).status).toBe(200)
    expect(client.getState().token).toBe(adopted.token)
    expect(tokens(localStorage.getItem('token'))).toEqual(adopted)
    expect(server.received(logoutRoute)).toEqual([])
    await client.logout()
    await vi.waitFor(() => expect(server.alive()).toEqual([ada.email]))
    other.client.unmount()
  })

  it('where there are no locks, a refusal ends nothing once another tab has used the token', async () => {
    vi.stubGlobal('navigator', { ...navigator, locks: undefined })
    const { server, makeTab, client, notes } = await start()
    const other = makeTab()
    other.client.mount()
    await vi.waitFor(() => expect(other.client.getState().status).toBe('signed-in'))
    server.expire()
    const arrived = deferred()
    const held = deferred()
    server.answer(refreshRoute, async (response, request) => {
      const isFirst = server.refreshes().length === 1
      if (isFirst) {
        arrived.resolve()
        await held.promise
        return answers.status(401)(response, request)
      }
      return answers.json(server.refresh('refresh-1-of-ada@example.com'))(response, request)
    })
    const slow = notes()
    await arrived.promise
    await other.notes()
    held.resolve()
    expect((await slow).status).toBe(200)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: other.client.getState().token })
    other.client.unmount()
  })
})

describe('rule 6: the lock holds the refresh request and nothing else', () => {
  it('neither a login, nor a logout, nor a request with a live token waits for it', async () => {
    const { server, client, notes } = await start()
    const release = server.holdAnswer()
    server.expire()
    const waiting = failure(notes())
    await vi.waitFor(() => expect(server.refreshes()).toHaveLength(1))
    await client.login(bob)
    expect(await waiting).toEqual(ended('replaced'))
    expect((await notes()).status).toBe(200)
    expect(await client.logout()).toMatchObject({ revoked: true })
    release()
    await vi.waitFor(() => expect(server.alive()).toEqual([]))
  })

  it('nor does a request that waited for the refresh wait for the user that it has brought', async () => {
    const { holding, release, userSchema } = holdUsers()
    const { server, notes } = await start({ userSchema, timeout: 600_000 })
    server.expire()
    holding.isOn = true
    expect((await notes()).status).toBe(200)
    server.expire()
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(2)
    release()
  })

  it('nor does one whose token is soon over, while another tab refreshes', async () => {
    const { server, notes } = await start()
    server.expire()
    await notes()
    const held = deferred()
    holdLocks(held.promise)
    moveClock(45_000)
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(1)
    held.resolve()
    await vi.waitFor(async () => {
      await notes()
      expect(server.refreshes()).toHaveLength(2)
    })
  })

  it.each<[string, () => Promise<LockManagerSnapshot>]>([
    ['may not be asked for', () => Promise.reject(new DOMException('opaque', 'SecurityError'))],
    ['is never told of', () => new Promise(() => {})],
  ])('that %s holds no request up', async (_name, query) => {
    const request = () => Promise.reject(new DOMException('opaque', 'SecurityError'))
    Object.assign(navigator.locks, { query, request })
    const { server, notes } = await startImpatient(500)
    moveClock(45_000)
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(1)
  })

  it('is not waited for longer by a platform that takes no signal, and sends nothing when it is late', async () => {
    const late = deferred()
    const request = async (...given: unknown[]) => {
      await late.promise
      return (given.at(-1) as () => unknown)()
    }
    const { server, client, notes } = await startImpatient(200)
    Object.assign(navigator.locks, { request })
    server.expire()
    expect(await failure(notes())).toMatchObject({ name: 'RequestError', code: 'timeout' })
    expect(client.getState().status).toBe('signed-in')
    late.resolve()
    await late.promise
    expect(server.refreshes()).toEqual([])
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(1)
  })

  it('is not waited for longer than the timeout', async () => {
    const { server, client, notes } = await startImpatient(200)
    const held = deferred()
    holdLocks(held.promise)
    server.expire()
    expect(await failure(notes())).toMatchObject({ name: 'RequestError', code: 'timeout' })
    expect(client.getState().status).toBe('signed-in')
    expect(server.refreshes()).toEqual([])
    held.resolve()
  })
})

describe('rule 7: a rotated token is stored only where the one it came from still is', () => {
  it('else it is revoked: another tab has logged in as somebody else, and this one has not heard of it', async () => {
    const { server, notes, client } = await start()
    const release = server.holdAnswer()
    server.expire()
    const waiting = failure(notes())
    await vi.waitFor(() => expect(server.refreshes()).toHaveLength(1))
    const other = makeClient({ baseUrl: server.baseUrl, refresh: tokenRefresh() })
    await other.client.login(bob)
    const stored = localStorage.getItem('token')
    const [late] = server.sessions.keys()
    release()
    await waiting
    await vi.waitFor(() => expect(server.received(logoutRoute).map(({ token }) => token)).toContain(late))
    await vi.waitFor(() => expect(server.alive()).toEqual([bob.email]))
    expect(localStorage.getItem('token')).toBe(stored)
    expect(client.getState().token).not.toBeNull()
  })
})

describe('a renewal that is stored in the moment in which another tab logs out', () => {
  it('does not bring the session back: it is ended once more, and what was stored is revoked', async () => {
    const { server, client, makeTab } = await start()
    const other = makeTab()
    client.mount()
    other.client.mount()
    await vi.waitFor(() => expect(other.client.getState().status).toBe('signed-in'))
    const pair = server.refresh('refresh-1-of-ada@example.com')
    const before = readStorage()
    other.client.renewSession({ token: pair?.token ?? '', refreshToken: pair?.refreshToken ?? '' })
    const after = readStorage()
    // Two processes, of which each sees what the other writes a moment later.
    writeStorage(before)
    const out = client.logout()
    writeStorage(after)
    await out
    await vi.waitFor(() => {
      expect([
        localStorage.getItem('token'),
        client.getState().status,
        other.client.getState().status,
      ]).toEqual([null, 'signed-out', 'signed-out'])
      expect(server.received(logoutRoute).map(({ token }) => token)).toContain(pair?.token)
    })
    client.unmount()
    other.client.unmount()
  })

  it.each([
    ['nobody', undefined],
    ['the next user', bob],
  ])(
    'is not taken over by the tab that has logged out, where %s is signed in by now',
    async (_name, next) => {
      const { server, client, makeTab } = await start()
      const other = makeTab()
      onTestFinished(client.mount())
      other.client.getState()
      const pair = server.refresh('refresh-1-of-ada@example.com')
      const before = readStorage()
      other.client.renewSession({ token: pair?.token ?? '', refreshToken: pair?.refreshToken ?? '' })
      const after = readStorage()
      writeStorage(before)
      await client.logout()
      if (next) await client.login(next)
      const { user, token } = client.getState()
      const users: unknown[] = []
      client.subscribe(() => users.push(client.getState().user))
      // The other tab's process, which has not heard of the logout, and is gone.
      writeStorage(after)
      act(() => void window.dispatchEvent(new Event('focus')))
      expect(client.getState()).toMatchObject({ user, token })
      expect(users).toEqual([])
      expect(localStorage.getItem('token') ?? '').not.toContain(ada.email)
      await vi.waitFor(() => expect(server.sessions.has(pair?.token ?? '')).toBe(false))
    },
  )

  it('and a login that brings the very token of before is left alone', async () => {
    const { server, client, makeTab } = await start({ endpoints: { logout: null } })
    const other = makeTab()
    client.mount()
    other.client.mount()
    await vi.waitFor(() => expect(other.client.getState().status).toBe('signed-in'))
    const { token, user } = client.getState()
    const heard = vi.fn()
    const channel = new BroadcastChannel(`signoff:${server.baseUrl}/:token`)
    channel.addEventListener('message', heard)
    await client.logout()
    await client.login(() => ({ token: token ?? '', ...(user && { user }) }))
    await vi.waitFor(() => expect(heard).toHaveBeenCalled())
    const since = performance.now()
    await vi.waitFor(() => expect(performance.now() - since).toBeGreaterThan(1200))
    expect([client, other.client].map((each) => each.getState().token)).toEqual([token, token])
    channel.close()
    client.unmount()
    other.client.unmount()
  })
})

describe('rule 8: a logout does not abort a refresh under way', () => {
  it('its answer is read, and the token that it brings is revoked; nothing of it is stored or shown', async () => {
    const { server, client, notes } = await start()
    const release = server.holdAnswer()
    server.expire()
    const waiting = failure(notes())
    await vi.waitFor(() => expect(server.sessions.size).toBe(1))
    const [token] = server.sessions.keys()
    const out = client.logout()
    expect(client.getState().status).toBe('signed-out')
    expect(localStorage.length).toBe(0)
    expect(await waiting).toEqual(ended('logout'))
    release()
    expect(await out).toMatchObject({ revoked: true })
    expect(server.received(logoutRoute)).toMatchObject([{ token }])
    expect(server.alive()).toEqual([])
    expect(server.alarms).toEqual([])
    expect(localStorage.length).toBe(0)
    expect(client.getState()).toMatchObject({ status: 'signed-out', token: null })
  })

  it('in another tab: that tab reads its answer and revokes it', async () => {
    const { server, client, makeTab } = await start()
    const other = makeTab()
    other.client.mount()
    client.mount()
    const release = server.holdAnswer()
    server.expire()
    const waiting = failure(other.notes())
    await vi.waitFor(() => expect(server.sessions.size).toBe(1))
    const out = client.logout()
    release()
    await waiting
    await out
    await vi.waitFor(() => expect(server.alive()).toEqual([]))
    expect(localStorage.length).toBe(0)
    for (const tab of [client, other.client]) {
      expect(tab.getState().status).toBe('signed-out')
      tab.unmount()
    }
  })

  it('one that waits for its lock is not sent any more', async () => {
    const { server, client, notes } = await start({ timeout: 600_000 })
    const held = deferred()
    holdLocks(held.promise)
    // The token has expired by the clock. The API still takes it, so the logout needs no other.
    moveClock(70_000)
    const waiting = failure(notes())
    await vi.waitFor(async () => expect((await navigator.locks.query()).held).toHaveLength(1))
    const out = client.logout()
    expect(await waiting).toEqual(ended('logout'))
    expect(await out).toMatchObject({ revoked: true })
    held.resolve()
    await vi.waitFor(async () => expect((await navigator.locks.query()).held).toEqual([]))
    expect(server.refreshes()).toEqual([])
    expect(server.alive()).toEqual([])
  })
})

describe('rule 9: the refresh of A’s session never touches B’s', () => {
  it.each([
    ['refused', answers.status(401)],
    ['lost', answers.reset],
  ])('%s after B has logged in', async (_name, answer) => {
    const { server, client, notes } = await start()
    const held = deferred()
    server.expire()
    server.answer(refreshRoute, async (response, request) => {
      await held.promise
      answer(response, request)
    })
    const waiting = failure(notes())
    await vi.waitFor(() => expect(server.refreshes()).toHaveLength(1))
    const { token } = await client.login(bob)
    const stored = localStorage.getItem('token')
    held.resolve()
    expect(await waiting).toEqual(ended('replaced'))
    await vi.waitFor(() => expect(server.received(logoutRoute).length).toBeGreaterThan(0))
    expect((await notes()).status).toBe(200)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    expect(localStorage.getItem('token')).toBe(stored)
  })
})

describe('rule 9, once more', () => {
  it('B’s refresh does not wait for A’s', async () => {
    const { server, client, notes } = await start()
    const release = server.holdAnswer()
    server.expire()
    const waiting = failure(notes())
    await vi.waitFor(() => expect(server.refreshes()).toHaveLength(1))
    await client.login(bob)
    server.expire()
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(2)
    release()
    expect(await waiting).toEqual(ended('replaced'))
    await vi.waitFor(() => expect(server.alive()).toEqual([bob.email]))
  })

  it('the user that A’s refresh brings is not shown once B has logged in', async () => {
    const { holding, release, userSchema } = holdUsers()
    const { server, client, queryClient, notes } = await start({ userSchema })
    server.expire()
    holding.isOn = true
    await notes()
    holding.isOn = false
    await client.login(bob)
    const users: unknown[] = []
    client.subscribe(() => users.push(client.getState().user?.email))
    onTestFinished(queryClient.getQueryCache().subscribe(({ type }) => users.push(type)))
    release()
    for (let round = 0; round < 3; round += 1) expect((await notes()).status).toBe(200)
    expect(client.getState()).toMatchObject({ user: { email: bob.email } })
    expect(users).toEqual([])
  })

  it('the failures of A’s do not make B’s cool-down longer', async () => {
    const { server, client, notes } = await start({ endpoints: { logout: null } })
    const elapsed = performance.now.bind(performance)
    let later = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => elapsed() + later)
    onTestFinished(() => clock.mockRestore())
    server.answer(refreshRoute, answers.status(503))
    server.expire()
    for (let round = 0; round < 6; round += 1) {
      await failure(notes())
      later += 61_000
    }
    await client.login(bob)
    server.expire()
    await failure(notes())
    expect(server.refreshes()).toHaveLength(7)
    later += 1001
    await failure(notes())
    expect(server.refreshes()).toHaveLength(8)
  })

  it('the cool-down after a failure of A’s does not hold B’s refresh up', async () => {
    const { server, client, notes } = await start()
    server.expire()
    server.answer(refreshRoute, answers.status(503))
    await failure(notes())
    await client.login(bob)
    await vi.waitFor(() => expect(server.received(logoutRoute)).toHaveLength(1))
    server.answer(refreshRoute, answers.json({ token: server.issue(bob.email).token, refreshToken: 'next' }))
    server.sessions.delete(client.getState().token ?? '')
    expect((await notes()).status).toBe(200)
    expect(vi.mocked(console.warn).mock.calls.length).toBeLessThanOrEqual(1)
    vi.mocked(console.warn).mockClear()
  })
})

describe('rules 10 and 11: the wall clock', () => {
  it('a laptop that slept through the expiry refreshes once, before the request', async () => {
    const { server, notes } = await start()
    moveClock(3_600_000)
    server.expire()
    await Promise.all([notes(), notes(), notes()])
    expect(server.refreshes()).toHaveLength(1)
    expect(server.received('GET /api/notes')).toHaveLength(3)
    await notes()
    expect(server.refreshes()).toHaveLength(1)
  })

  it('is looked at when the page becomes visible, without a request', async () => {
    const { server, client } = await start()
    client.mount()
    moveClock(3_600_000)
    document.dispatchEvent(new Event('visibilitychange'))
    window.dispatchEvent(new Event('visibilitychange'))
    await vi.waitFor(() => expect(server.refreshes()).toHaveLength(1))
    client.unmount()
  })

  it('is looked at when the page is online again', async () => {
    const { server, client } = await start()
    onTestFinished(client.mount())
    moveClock(3_600_000)
    onlineManager.setOnline(false)
    onlineManager.setOnline(true)
    await vi.waitFor(() => expect(server.refreshes()).toHaveLength(1))
  })

  it.each([-86_400_000, 86_400_000])(
    'that is wrong by %s ms makes no endless refreshes and no sign-out',
    async (offset) => {
      moveClock(offset)
      const { server, client, notes } = await start()
      for (let round = 0; round < 5; round += 1) await notes()
      expect(server.refreshes()).toEqual([])
      server.expire()
      for (let round = 0; round < 5; round += 1) expect((await notes()).status).toBe(200)
      expect(server.refreshes()).toHaveLength(1)
      expect(client.getState().status).toBe('signed-in')
    },
  )

  it.each([-86_400_000, 86_400_000])(
    'that jumps by %s ms refreshes at most once, and a 401 refreshes always',
    async (offset) => {
      const { server, client, notes } = await start()
      moveClock(offset)
      for (let round = 0; round < 5; round += 1) await notes()
      const count = server.refreshes().length
      expect(count).toBeLessThanOrEqual(1)
      server.expire()
      expect((await notes()).status).toBe(200)
      expect(server.refreshes()).toHaveLength(count + 1)
      expect(client.getState().status).toBe('signed-in')
    },
  )

  it('a token that lives for less than `early` is not refreshed by each request', async () => {
    const { server, notes } = await start({ refreshOptions: { early: 3_600_000 } })
    for (let round = 0; round < 5; round += 1) await notes()
    expect(server.refreshes()).toEqual([])
  })

  it('with `early: 0` only a refusal refreshes', async () => {
    const { server, notes } = await start({ refreshOptions: { early: 0 } })
    moveClock(3_600_000)
    await notes()
    expect(server.refreshes()).toEqual([])
    server.expire()
    await notes()
    expect(server.refreshes()).toHaveLength(1)
  })
})

describe('rule 12: bounded', () => {
  it('every waiter settles, though the server never answers', async () => {
    const { server, client, notes, api } = await startImpatient(150)
    server.expire()
    server.answer(refreshRoute, answers.never)
    const settled = await Promise.allSettled([notes(), notes(), api('notes')])
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(client.getState().status).toBe('signed-in')
    // What has been given up may have arrived: the same refresh token, once more.
    expect(server.refreshes()).toHaveLength(2)
  })

  it('the refresh carries no access token, and does not refresh itself', async () => {
    const { server, notes } = await start()
    server.expire()
    await notes()
    expect(server.refreshes()).toMatchObject([
      { token: undefined, body: '{"refreshToken":"refresh-1-of-ada@example.com"}' },
    ])
  })
})

describe('rule 13: a refused refresh token is never sent again', () => {
  it('by no tab', async () => {
    const { server, makeTab, notes, client } = await start()
    const other = makeTab()
    other.client.mount()
    server.answer(refreshRoute, answers.status(401))
    moveClock(45_000)
    expect((await notes()).status).toBe(200)
    expect((await other.notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(1)
    server.expire()
    expect(await failure(notes())).toEqual(ended('rejected'))
    expect(client.getState().status).toBe('signed-out')
    await failure(other.notes())
    expect(server.refreshes()).toHaveLength(1)
    other.client.unmount()
  })

  it('nor by a tab that does not see yet what another has heard', async () => {
    const { server, makeTab, notes } = await start()
    const other = makeTab()
    onTestFinished(other.client.mount())
    await vi.waitFor(() => expect(other.client.getState().status).toBe('signed-in'))
    const before = readStorage()
    server.answer(refreshRoute, answers.status(401))
    moveClock(45_000)
    expect((await notes()).status).toBe(200)
    const after = readStorage()
    writeStorage(before)
    setTimeout(() => writeStorage(after), 100)
    expect((await other.notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(1)
  })

  it('nor by a logout', async () => {
    const { server, notes, client } = await start()
    server.answer(refreshRoute, answers.status(401))
    moveClock(45_000)
    await notes()
    server.expire()
    expect(await client.logout()).toMatchObject({ revoked: true })
    expect(server.refreshes()).toHaveLength(1)
  })

  it.each([
    ['refused', answers.status(401)],
    ['exchanged', answers.json({ token: 'late', refreshToken: 'refresh-late' })],
  ])(
    'nor by two tabs that log out before one has heard of the other, where it is %s',
    async (_name, answer) => {
      const { server, makeTab, notes, client } = await start()
      const other = makeTab()
      other.client.mount()
      await notes()
      await other.notes()
      server.expire()
      server.answer(logoutRoute, answers.status(401))
      server.answer(refreshRoute, answer)
      await Promise.all([client.logout(), other.client.logout()])
      expect(server.received(logoutRoute).length).toBeGreaterThan(1)
      expect(server.refreshes()).toHaveLength(1)
      other.client.unmount()
    },
  )
})

describe('rule 14: a lost answer is normal', () => {
  it('the same refresh token is tried once more, at once', async () => {
    const { server, notes, client } = await start()
    stretchTime(50)
    server.expire()
    let lost: unknown
    server.answer(refreshRoute, (response, request) => {
      lost ??= server.refresh('refresh-1-of-ada@example.com')
      const answer = server.refreshes().length === 1 ? answers.reset : answers.json(lost)
      answer(response, request)
    })
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toHaveLength(2)
    expect(new Set(server.refreshes().map(({ body }) => body)).size).toBe(1)
    expect(client.getState().status).toBe('signed-in')
  })
})

describe('rule 15: both tokens', () => {
  it('stand in one value, and the refresh token nowhere else', async () => {
    const { server, client, queryClient } = await start()
    for (const refreshToken of ['refresh-1-of-ada@example.com', 'refresh-2-of-ada@example.com']) {
      const { token } = client.getState()
      expect(tokens(localStorage.getItem('token'))).toMatchObject({ token, refreshToken })
      const stored = [localStorage, sessionStorage].flatMap((storage) => Object.values({ ...storage }))
      expect(stored.filter((value) => String(value).includes('refresh-'))).toHaveLength(1)
      const seen = JSON.stringify([
        client.getState(),
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ state }) => state),
      ])
      expect(seen).not.toContain('refresh-')
      server.expire()
      await client.api('notes')
    }
    expect(JSON.stringify(server.received('GET /api/notes'))).not.toContain('refresh-')
  })

  it('are written together', async () => {
    const { get, set, remove } = memoryStorage()
    const written: string[] = []
    const record = (value: string) => {
      written.push(value)
      set(value)
    }
    const { server, client, notes } = await start({ storage: { get, set: record, remove } })
    const first = client.getState().token
    server.expire()
    await notes()
    const second = client.getState().token
    expect(written.map((value) => tokens(value))).toMatchObject([
      { token: first, refreshToken: 'refresh-1-of-ada@example.com' },
      { token: second, refreshToken: 'refresh-2-of-ada@example.com' },
    ])
  })

  it('are found again at the next visit, and a bare token of an older app is taken', async () => {
    const { server, client, makeTab } = await start()
    client.unmount()
    server.expire()
    const next = makeTab()
    next.client.mount()
    await vi.waitFor(() => expect(next.client.getState().status).toBe('signed-in'))
    expect(server.refreshes()).toHaveLength(1)
    next.client.unmount()
    localStorage.setItem('token', server.issue(bob.email).token)
    const older = makeTab()
    older.client.mount()
    await vi.waitFor(() => expect(older.client.getState()).toMatchObject({ user: { email: bob.email } }))
    older.client.unmount()
  })

  it.each(['{', '{}', '{"token":1}', '{"token":"a\\nb"}', '{"token":null,"refreshToken":"R"}', 'null'])(
    'that are garbage in the storage (%s) are nobody’s',
    async (garbage) => {
      const { server } = await start({ storage: memoryStorage() })
      localStorage.setItem('token', garbage)
      const { client } = makeClient({ baseUrl: server.baseUrl, refresh: tokenRefresh() })
      expect(client.getState()).toMatchObject({ status: 'signed-out' })
    },
  )

  it('a logout whose access token has expired refreshes once, outside the session, and revokes what it got', async () => {
    const { server, client } = await start()
    server.expire()
    const result = await client.logout()
    expect(result).toMatchObject({ revoked: true, error: null })
    expect(server.alive()).toEqual([])
    expect(server.refreshes()).toHaveLength(1)
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
    expect(localStorage.length).toBe(0)
  })

  it('once, also where the API refuses the new one', async () => {
    const { server, client } = await start()
    server.expire()
    server.answer(logoutRoute, answers.status(401))
    expect(await client.logout()).toMatchObject({ revoked: false, status: 401 })
    expect(server.received(logoutRoute)).toHaveLength(2)
    expect(server.refreshes()).toHaveLength(1)
  })

  it('also where the API refuses the logout by another status, as `isRejection` says', async () => {
    const isRejection = async (response: Response) =>
      response.status === 403 && (await response.text()).includes('bad_jwt')
    const { server, client } = await start({ isRejection })
    const fresh = { token: '' }
    server.answer(logoutRoute, (response, request) => {
      if (!server.sessions.has(request.token ?? ''))
        return answers.json({ error: 'bad_jwt' }, 403)(response, request)
      fresh.token = request.token ?? ''
      return answers.status(204)(response, request)
    })
    server.expire()
    expect(await client.logout()).toMatchObject({ revoked: true, error: null })
    expect(server.refreshes()).toHaveLength(1)
    expect(fresh.token).not.toBe('')
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
  })

  it('also where the API keeps the refresh token in a cookie', async () => {
    const { server, client } = await start({
      refreshOptions: { endpoint: { path: 'auth/refresh', body: () => undefined } },
    })
    await client.login(() => server.issue(bob.email))
    await vi.waitFor(() => expect(server.alive()).toEqual([]))
    server.answer(refreshRoute, (response, request) =>
      answers.json(server.issue(bob.email))(response, request),
    )
    server.answer(logoutRoute, (response, request) =>
      answers.status(server.sessions.delete(request.token ?? '') ? 204 : 401)(response, request),
    )
    server.expire()
    expect(await client.logout()).toMatchObject({ revoked: true, status: 204, error: null })
    expect(server.refreshes()).toMatchObject([{ body: '' }])
    expect(server.sessions.size).toBe(0)
  })

  it('is not revoked where that cannot be found out', async () => {
    const { server, client } = await start()
    server.expire()
    server.answer(refreshRoute, answers.status(503))
    expect(await client.logout()).toMatchObject({
      revoked: false,
      error: { name: 'RequestError', status: 503 },
    })
  })

  it('is revoked where the refresh token is dead too', async () => {
    const { server, client } = await start()
    server.expire()
    server.answer(refreshRoute, answers.status(400))
    expect(await client.logout()).toMatchObject({ revoked: true, error: null })
  })

  it('go to the logout endpoint where its body says so', async () => {
    const { server, client } = await start({
      endpoints: { logout: { path: 'auth/logout', body: ({ refreshToken }) => ({ refreshToken }) } },
    })
    await client.logout()
    expect(server.received(logoutRoute)).toMatchObject([
      { body: '{"refreshToken":"refresh-1-of-ada@example.com"}' },
    ])
  })

  it.each([
    ['of an answer without a token', 200, { jwt: 'access-2', refresh: 'refresh-2' }],
    ['of one that repeats what it was sent', 503, {}],
  ])('stand in no error %s', async (_name, status, more) => {
    const { server, notes } = await start()
    server.expire()
    server.answer(refreshRoute, (response, request) =>
      answers.json({ message: request.body, ...more }, status)(response, request),
    )
    const error = (await failure(notes())) as Error
    expect(String(error) + error.stack + JSON.stringify(error)).not.toMatch(/refresh-\d|access-2/)
  })
})

describe('what is stored is left alone by a client without refresh', () => {
  it('of the same API, when another tab with refresh replaces its session', async () => {
    const server = await startTokenServer()
    const older = makeClient({ baseUrl: server.baseUrl, refresh: undefined as never })
    const newer = makeClient({ baseUrl: server.baseUrl, refresh: tokenRefresh() })
    for (const { client } of [older, newer]) onTestFinished(client.mount())
    await older.client.login(ada)
    await newer.client.login(bob)
    const stored = localStorage.getItem('token')
    window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
    expect(older.client.getState().status).toBe('signed-out')
    expect(tokens(stored).refreshToken).toContain(bob.email)
    expect(localStorage.getItem('token')).toBe(stored)
    expect(newer.client.getState()).toMatchObject({ status: 'signed-in', user: { email: bob.email } })
  })

  it('of another API, when it logs out', async () => {
    const { server, client } = await start()
    const stored = localStorage.getItem('token')
    localStorage.removeItem('token')
    const other = makeClient({ baseUrl: (await startTokenServer()).baseUrl, refresh: undefined as never })
    onTestFinished(other.client.mount())
    await other.client.login(bob)
    localStorage.setItem('token', stored ?? '')
    await other.client.logout()
    expect(localStorage.getItem('token')).toBe(stored)
    expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: ada.email } })
    expect(server.alive()).toEqual([ada.email])
  })
})

describe('a refreshed session', () => {
  it('goes on: nothing is fetched again, and only what reads the token renders', async () => {
    const { server, client, queryClient } = await start()
    const Notes = () => {
      const { api } = useSession()
      const { data } = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
      return <p>{data}</p>
    }
    const Token = () => <i>{useToken()}</i>
    renderApp(
      { client, queryClient },
      <SignedIn>
        <Notes />
        <Token />
      </SignedIn>,
    )
    await screen.findByText(`private note of ${ada.email}`)
    const { signal } = client.getSession()
    server.expire()
    await act(async () => void (await client.api('other')))
    expect(screen.getByText(client.getState().token ?? '')).toBeDefined()
    expect(server.received('GET /api/notes')).toHaveLength(1)
    expect(signal.aborted).toBe(false)
    expect(client.getSession().signal).toBe(signal)
  })

  it('takes the user that the refresh brings', async () => {
    const { server, client, notes } = await start()
    client.mount()
    server.expire()
    server.answer(refreshRoute, (response, request) => {
      const pair = server.refresh('refresh-1-of-ada@example.com')
      answers.json({ ...pair, user: { ...pair?.user, email: 'ada@new.example.com' } })(response, request)
    })
    await notes()
    await vi.waitFor(() =>
      expect(client.getState()).toMatchObject({ user: { email: 'ada@new.example.com' } }),
    )
    client.unmount()
  })

  it('is refreshed by rejectToken, and ends where that is refused', async () => {
    const { server, client } = await start()
    const { token } = client.getState()
    server.expire()
    client.rejectToken(token ?? '')
    await vi.waitFor(() => expect(client.getState().token).not.toBe(token))
    expect(client.getState().status).toBe('signed-in')
    server.answer(refreshRoute, answers.status(401))
    client.rejectToken(client.getState().token ?? '')
    await vi.waitFor(() =>
      expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' }),
    )
  })

  it.each([
    ['memoryStorage()', memoryStorage],
    [
      'a storage of the app’s own',
      () => {
        const { get, set, remove } = memoryStorage()
        return { get, set, remove }
      },
    ],
  ])(
    'in %s, which says nothing of it, is refreshed again and again, and ends',
    async (_name, makeStorage) => {
      const storage = makeStorage()
      const { server, client, notes } = await start({ storage })
      const signal = client.getSignal()
      for (let round = 1; round <= 3; round += 1) {
        server.expire()
        expect((await notes()).status).toBe(200)
        expect(server.refreshes()).toHaveLength(round)
      }
      expect(client.getSignal()).toBe(signal)
      await client.logout()
      expect([storage.get(), client.getState().status, server.alive()]).toEqual([null, 'signed-out', []])
    },
  )

  it.each([
    ['renewed', false],
    ['begun anew', true],
  ])(
    'that is %s with another refresh token for the same token uses that one, in every tab',
    async (_name, isNew) => {
      const { server, client, makeTab } = await start()
      const other = makeTab()
      onTestFinished(other.client.mount())
      await vi.waitFor(() => expect(other.client.getState().status).toBe('signed-in'))
      const { token, refreshToken } = tokens(localStorage.getItem('token'))
      const { user, ...pair } = server.refresh(refreshToken) as Pair
      const next = { token, refreshToken: pair.refreshToken }
      if (isNew) client.setSession({ ...next, user })
      else client.renewSession(next)
      expect(tokens(localStorage.getItem('token'))).toMatchObject(next)
      server.expire()
      expect((await other.notes()).status).toBe(200)
      expect(client.getState().status).toBe('signed-in')
      expect(server.alarms).toEqual([])
    },
  )

  it('of a server that gives the same refresh token for good is refreshed as often as it must be', async () => {
    const { server, client, notes } = await start()
    server.answer(refreshRoute, (response, request) => {
      answers.json({ token: server.issue(ada.email).token, expiresIn: 60 })(response, request)
    })
    for (let round = 1; round <= 3; round += 1) {
      server.expire()
      expect((await notes()).status).toBe(200)
      expect(server.refreshes()).toHaveLength(round)
    }
    expect(tokens(localStorage.getItem('token')).refreshToken).toBe('refresh-1-of-ada@example.com')
    expect(client.getState().status).toBe('signed-in')
  })

  it('of an API that keeps the refresh token in a cookie is refreshed by a body of the app’s own', async () => {
    const { server, client, notes } = await start({
      refreshOptions: { endpoint: { path: 'auth/refresh', body: () => undefined } },
    })
    await client.login(() => server.issue(bob.email))
    await vi.waitFor(() => expect(server.alive()).toEqual([]))
    server.answer(refreshRoute, (response, request) =>
      answers.json(server.issue(bob.email))(response, request),
    )
    server.expire()
    expect((await notes()).status).toBe(200)
    expect(server.refreshes()).toMatchObject([{ body: '' }])
  })

  it('without a refresh token ends when its token is refused, as without the option', async () => {
    const { server, client, notes } = await start()
    await client.login(() => server.issue(bob.email))
    await vi.waitFor(() => expect(server.alive()).toEqual([]))
    server.expire()
    expect(await failure(notes())).toEqual(ended('rejected'))
    expect(server.refreshes()).toEqual([])
  })
})
