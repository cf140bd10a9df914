import { inspect } from 'node:util'
import { act, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryStorage, useAuth, webStorage, type TokenStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { readStorage } from '../support/readStorage.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

type Options = Partial<Parameters<typeof makeClient>[0]>

const setUp = async (options: Options = {}) => {
  const server = await startApiServer()
  return { server, ...makeClient({ baseUrl: server.baseUrl, ...options }) }
}

const restores: (() => void)[] = []
afterEach(() => {
  for (const restore of restores.splice(0)) restore()
})

/** Replaces a property of the window until the end of the test. */
const redefine = (name: 'localStorage' | 'sessionStorage', descriptor: PropertyDescriptor) => {
  const own = Object.getOwnPropertyDescriptor(window, name)
  Object.defineProperty(window, name, { configurable: true, ...descriptor })
  restores.push(() => {
    if (own) Object.defineProperty(window, name, own)
    else Reflect.deleteProperty(window, name)
  })
}

/** A working storage but for some methods. */
const makeStorage = (methods: Partial<Storage>, onWrite?: (key: string, value: string) => void): Storage => {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      onWrite?.(key, value)
      items.set(key, value)
    },
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
    ...methods,
  }
}

const fail = (name: string) => (): never => {
  throw new DOMException(`${name} is not allowed`, name)
}

const warnings = () => vi.mocked(console.warn).mock.calls

/** One report for each storage that fails. */
const expectReports = (most: number, ...secrets: string[]) => {
  const calls = [...warnings()]
  vi.mocked(console.warn).mockClear()
  expect(calls.length).toBeGreaterThan(0)
  expect(calls.length).toBeLessThanOrEqual(most)
  const report = inspect(calls, { depth: 9 })
  for (const secret of secrets) expect(report).not.toContain(secret)
}

const signedOut = (reason: string | null) => ({ status: 'signed-out', user: null, token: null, reason })

describe('the token', () => {
  it.each<[string, TokenStorage | undefined, object, object]>([
    ['in `localStorage` as `token` by default', undefined, { token: 'T' }, {}],
    ['in `localStorage`', webStorage('local'), { token: 'T' }, {}],
    ['in `localStorage` under a key of one’s own', webStorage('local', 'jwt'), { jwt: 'T' }, {}],
    ['in `sessionStorage`', webStorage('session'), {}, { token: 'T' }],
    ['in `sessionStorage` under a key of one’s own', webStorage('session', 'jwt'), {}, { jwt: 'T' }],
    ['in memory', memoryStorage(), {}, {}],
  ])('is kept %s, and removed at logout', async (_name, storage, local, session) => {
    const { client, server } = await setUp(storage && { storage })
    const { user } = server.issue(ada.email)
    client.setSession({ user, token: 'T' })
    expect(readStorage(localStorage)).toEqual(local)
    expect(readStorage(sessionStorage)).toEqual(session)
    if (storage) expect(storage.get()).toBe('T')

    await client.logout()

    expect({ ...localStorage }).toEqual({})
    expect({ ...sessionStorage }).toEqual({})
    if (storage) expect(storage.get()).toBeNull()
  })

  it('is found again by another client of the same storage', async () => {
    const storage = webStorage('session', 'jwt')
    const { client, server } = await setUp({ storage })
    const { token } = await client.login(ada)
    const next = makeClient({ baseUrl: server.baseUrl, storage: webStorage('session', 'jwt') })
    expect(next.client.getState()).toEqual({ status: 'restoring', user: null, token })
  })

  it('in one memory is not in another', async () => {
    const [one, other] = [memoryStorage(), memoryStorage()]
    one.set('T')
    expect(one.get()).toBe('T')
    expect(other.get()).toBeNull()
  })

  it('is all that is ever stored', async () => {
    const written: string[][] = []
    for (const name of ['localStorage', 'sessionStorage'] as const) {
      redefine(name, { value: makeStorage({}, (...item) => void written.push([name, ...item])) })
    }
    const { client, queryClient, server } = await setUp()
    const { token: first } = await client.register(ada)
    await queryClient.fetchQuery(client.userOptions)
    const { token: second } = await client.login(bob)
    await client.api('notes').json()
    const whose = ['localStorage', 'token.of', expect.stringMatching(/^[a-z\d]{1,7} \S+$/)]
    expect(written).toEqual([
      ['localStorage', 'token', first],
      whose,
      ['localStorage', 'token', second],
      whose,
    ])
    expect(written[1]?.[2]).toContain(server.baseUrl)
  })
})

describe('a storage that fails', () => {
  const throwing = { get: fail('SecurityError') }

  it.each<[string, number, { local: PropertyDescriptor; session?: PropertyDescriptor }]>([
    ['reading `window.localStorage` throws', 1, { local: throwing }],
    ['reading both storages throws', 2, { local: throwing, session: throwing }],
    ['`getItem` throws', 1, { local: { value: makeStorage({ getItem: fail('SecurityError') }) } }],
    ['`setItem` throws', 1, { local: { value: makeStorage({ setItem: fail('QuotaExceededError') }) } }],
    ['`removeItem` throws', 1, { local: { value: makeStorage({ removeItem: fail('SecurityError') }) } }],
    ['writes are swallowed', 1, { local: { value: makeStorage({ setItem: () => {} }) } }],
  ])('because %s leaves a working session in memory, and is reported once', async (_name, count, broken) => {
    redefine('localStorage', broken.local)
    if (broken.session) redefine('sessionStorage', broken.session)
    const { server, ...app } = await setUp()
    const { client } = app
    const Status = () => <p>{useAuth((state) => state.status)}</p>
    renderApp(app, <Status />)
    expect(screen.getByText('signed-out')).toBeDefined()

    const tokens: string[] = []
    for (const credentials of [ada, bob]) {
      const { user, token } = await act(() => client.login(credentials))
      tokens.push(token)
      act(() => void window.dispatchEvent(new Event('focus')))
      expect(client.getState()).toEqual({ status: 'signed-in', user, token })
      expect(await client.api('notes').json()).toEqual([`private note of ${credentials.email}`])

      const result = await act(() => client.logout())
      act(() => void window.dispatchEvent(new Event('focus')))
      expect(result).toMatchObject({ token, revoked: true })
      expect(client.getState()).toEqual(signedOut('logout'))
      expect(server.sessions.size).toBe(0)
    }
    expectReports(count, ...tokens)
  })

  it('and that does not exist leaves a working session in memory', async () => {
    redefine('localStorage', { value: undefined })
    redefine('sessionStorage', { value: undefined })
    restores.push(() => vi.mocked(console.warn).mockClear())
    const { client } = await setUp()
    const session = await client.login(ada)
    expect(client.getState()).toEqual({ status: 'signed-in', ...session })
    await client.logout()
    expect(client.getState()).toEqual(signedOut('logout'))
    expect(warnings().length).toBeLessThan(2)
  })

  it('and quotes the token in what it throws does not get it into the report', async () => {
    const storage: TokenStorage = {
      ...memoryStorage(),
      set: (token) => {
        throw new Error(`cannot store ${token}`)
      },
    }
    const { client } = await setUp({ storage })
    const { token } = await client.login(ada)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    expectReports(1, token)
  })

  it('for a while is used again when it works', async () => {
    let isFull = true
    const items = memoryStorage()
    const storage: TokenStorage = {
      ...items,
      set: (token) => (isFull ? fail('QuotaExceededError')() : items.set(token)),
    }
    const { client } = await setUp({ storage })
    await client.login(ada)
    expectReports(1)
    expect(storage.get()).toBeNull()
    isFull = false
    const { token } = await client.login(bob)
    expect(storage.get()).toBe(token)
  })

  it('after it held a token does not bring the session back', async () => {
    const items = memoryStorage()
    items.set('T')
    const storage: TokenStorage = { ...items, remove: fail('SecurityError') }
    const { client, server } = await setUp({ storage })
    server.sessions.set('T', { id: '1', email: ada.email })
    expect(client.getState().status).toBe('restoring')
    await client.logout()
    expectReports(1)
    client.mount()
    window.dispatchEvent(new Event('focus'))
    expect(client.getState()).toEqual(signedOut('logout'))
    client.unmount()
  })

  it('in every way for a while does not bring the session back that has ended meanwhile', async () => {
    const items = memoryStorage()
    let isBlocked = false
    const guard =
      <T extends unknown[], R>(act: (...given: T) => R) =>
      (...given: T): R => {
        if (isBlocked) throw new DOMException('blocked', 'SecurityError')
        return act(...given)
      }
    const storage = { get: guard(items.get), set: guard(items.set), remove: guard(items.remove) }
    const { client } = await setUp({ storage })
    await client.login(ada)
    isBlocked = true
    await client.logout()
    expectReports(1)
    isBlocked = false
    client.mount()
    expect(client.getState()).toEqual(signedOut('logout'))
    expect(items.get()).toBeNull()
    client.unmount()
  })
})

describe('a storage that fails in mid-session', () => {
  it.each<[string, (keyof Storage)[]]>([
    ['getItem', ['getItem']],
    ['setItem', ['setItem']],
    ['removeItem', ['removeItem']],
    ['everything', ['getItem', 'setItem', 'removeItem', 'key']],
  ])(
    'because %s throws leaves the session on, and its logout and the next login work',
    async (_name, broken) => {
      let isBroken = false
      const web = makeStorage({})
      const storage = new Proxy(web, {
        get: (target, name) =>
          isBroken && broken.includes(name as never) ? fail('SecurityError') : Reflect.get(target, name),
      })
      redefine('localStorage', { value: storage })
      const { client } = await setUp()
      client.mount()
      restores.push(client.unmount)
      const { token, user } = await client.login(ada)
      isBroken = true

      window.dispatchEvent(new Event('focus'))
      expect(client.getState()).toEqual({ status: 'signed-in', user, token })
      expect(await client.api('notes').json()).toEqual([`private note of ${ada.email}`])
      expect(await client.logout()).toMatchObject({ token, revoked: true })
      window.dispatchEvent(new Event('focus'))
      expect(client.getState()).toEqual(signedOut('logout'))
      const next = await client.login(bob)
      window.dispatchEvent(new Event('focus'))
      expect(client.getState()).toEqual({ status: 'signed-in', ...next })
      await client.logout()
      expectReports(1, token, next.token)

      isBroken = false
      const last = await client.login(bob)
      expect(web.getItem('token')).toBe(last.token)
      await client.logout()
      expect(web.length).toBe(0)
    },
  )
})

describe('the session of another tab', () => {
  it('stays in the storage when this tab, which could not write there, logs out', async () => {
    let isFull = true
    const web = makeStorage({}, () => {
      if (isFull) fail('QuotaExceededError')()
    })
    redefine('localStorage', { value: web })
    const { client, server } = await setUp()
    const { token } = await client.login(ada)
    expectReports(1, token)
    isFull = false
    const next = server.issue(bob.email)
    const items = { token: next.token, 'draft of bob': 'private' }
    for (const [key, value] of Object.entries(items)) web.setItem(key, value)

    expect(await client.logout()).toMatchObject({ token, revoked: true })

    for (const [key, value] of Object.entries(items)) expect(web.getItem(key)).toBe(value)
    expect(server.sessions.has(next.token)).toBe(true)
  })

  it.each<[string, 'rejected' | 'logout']>([
    ['logs out', 'logout'],
    ['is refused its token', 'rejected'],
  ])('stays in the storage when this tab, which could not read there for a while, %s', async (_name, how) => {
    let isBroken = false
    const items = memoryStorage()
    const storage = { ...items, get: () => (isBroken ? fail('SecurityError')() : items.get()) }
    const { client, server } = await setUp({ storage })
    client.mount()
    restores.push(client.unmount)
    const { token } = await client.login(ada)
    isBroken = true
    window.dispatchEvent(new Event('focus'))
    expectReports(1, token)
    isBroken = false
    const next = server.issue(bob.email)
    items.set(next.token)

    if (how === 'logout') await client.logout()
    else {
      server.sessions.delete(token)
      await client.api('notes').catch(() => {})
    }

    expect(items.get()).toBe(next.token)
  })

  it('ends this one when the storage could not be read for a while', async () => {
    let isBroken = false
    const items = memoryStorage()
    const storage = { ...items, get: () => (isBroken ? fail('SecurityError')() : items.get()) }
    const { client } = await setUp({ storage })
    client.mount()
    restores.push(client.unmount)
    const { token } = await client.login(ada)
    isBroken = true
    window.dispatchEvent(new Event('focus'))
    expect(client.getState().status).toBe('signed-in')
    expectReports(1, token)

    isBroken = false
    items.remove()
    window.dispatchEvent(new Event('focus'))

    expect(client.getState()).toEqual(signedOut('elsewhere'))
  })
})

it('a web storage keeps the token as `token` where it is given no other key', () => {
  const storage = webStorage('session')
  storage.set('T')
  expect({ ...sessionStorage }).toEqual({ token: 'T' })
  expect(storage.get()).toBe('T')
  storage.remove()
  expect(sessionStorage).toHaveLength(0)
})

describe('a token that another tab has stored', () => {
  it.each(['a logout', 'a rejection'])('is neither removed nor written again by %s', async (how) => {
    const items = memoryStorage()
    const storage = { ...items, set: vi.fn(items.set), remove: vi.fn(items.remove) }
    const { client, server } = await setUp({ storage })
    const { token } = await client.login(ada)
    const next = server.issue(bob.email)
    items.set(next.token)
    storage.set.mockClear()
    if (how === 'a rejection') {
      server.sessions.delete(token)
      await expect(client.api('notes')).rejects.toMatchObject({ reason: 'rejected' })
    } else await client.logout()
    expect(client.getState()).toMatchObject({ status: 'restoring', token: next.token })
    expect(storage.set).not.toHaveBeenCalled()
    expect(storage.remove).not.toHaveBeenCalled()
  })
})

describe('a token', () => {
  const user = { id: '1', email: ada.email }

  it.each(['x', 'nullable', 'undefined-1', '!~', 'x'.repeat(16_384)])('may be %.20s', async (token) => {
    const { client } = await setUp()
    client.setSession({ token, user })
    expect(client.getState().token).toBe(token)
    expect(localStorage.getItem('token')).toBe(token)
  })

  it.each([
    '',
    'null',
    'undefined',
    '{"token":"a","refreshToken":"b"}',
    'a b',
    'a\n',
    'é',
    'x'.repeat(16_385),
  ])('may not be %j', async (token) => {
    const { client } = await setUp()
    expect(() => client.setSession({ token, user })).toThrow('setSession() needs a token')
    expect(client.getState()).toEqual(signedOut(null))
  })
})

describe('garbage in the storage', () => {
  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['a line break', 'line\nbreak'],
    ['a header', 'T\r\nX-Admin: 1'],
    ['an umlaut', 'tökén'],
    ['an emoji', '🔑'],
    ['100 kB', 'x'.repeat(100_000)],
    ['1 MB', 'x'.repeat(1_000_000)],
    ['the word `undefined`', 'undefined'],
    ['the word `null`', 'null'],
  ])('that is %s means signed out, and login and logout work', async (_name, garbage) => {
    localStorage.setItem('token', garbage)
    const { server, ...app } = await setUp()
    const { client } = app
    const Status = () => <p>{useAuth((state) => state.status)}</p>
    renderApp(app, <Status />)
    expect(screen.getByText('signed-out')).toBeDefined()
    expect(client.getState()).toEqual(signedOut(null))
    expect(await client.logout()).toMatchObject({ token: null, revoked: true, error: null })
    expect(server.requests).toEqual([])

    const { token } = await act(() => client.login(ada))
    expect(localStorage.getItem('token')).toBe(token)
    expect(await act(() => client.logout())).toMatchObject({ token, revoked: true })
    expect({ ...localStorage }).toEqual({})
    expect(client.getState()).toEqual(signedOut('logout'))
  })
})

describe('signing out', () => {
  const fill = () => {
    for (const storage of [localStorage, sessionStorage]) {
      for (const key of ['theme', 'locale', 'draft', 'cart']) storage.setItem(key, 'private')
    }
  }
  const kept = (...keys: string[]) => Object.fromEntries(keys.map((key) => [key, 'private']))

  it.each<[string, Options, object]>([
    ['empties both storages by default', {}, {}],
    ['empties both storages', { clearStorage: 'everything' }, {}],
    ['empties both storages where the token is elsewhere', { storage: memoryStorage() }, {}],
    ['removes the token alone', { clearStorage: 'token' }, kept('theme', 'locale', 'draft', 'cart')],
    ['keeps the keys of a list', { keepStorage: ['theme', 'locale'] }, kept('theme', 'locale')],
    [
      'keeps the keys of a predicate',
      { keepStorage: (key) => /^(theme|cart)$/.test(key) },
      kept('theme', 'cart'),
    ],
    ['never keeps the token by a list', { keepStorage: ['theme', 'token'] }, kept('theme')],
    [
      'never keeps the token by a predicate',
      { keepStorage: () => true },
      kept('theme', 'locale', 'draft', 'cart'),
    ],
  ])('%s', async (_name, options, rest) => {
    const { client } = await setUp(options)
    await client.login(ada)
    fill()
    await client.logout()
    expect({ ...localStorage }).toEqual(rest)
    expect({ ...sessionStorage }).toEqual(rest)
  })

  it('removes a token in `sessionStorage` that a predicate would keep', async () => {
    const { client } = await setUp({ storage: webStorage('session', 'jwt'), keepStorage: () => true })
    await client.login(ada)
    fill()
    await client.logout()
    expect({ ...sessionStorage }).toEqual(kept('theme', 'locale', 'draft', 'cart'))
  })

  it('removes the keys for which the predicate throws, and tells the developer', async () => {
    const { client } = await setUp({
      keepStorage: (key) => {
        if (key === 'draft') throw new Error('cannot tell')
        return key === 'theme'
      },
    })
    const { token } = await client.login(ada)
    fill()
    const result = await client.logout()
    expect(result).toMatchObject({ token, revoked: true })
    const calls = [...warnings()]
    vi.mocked(console.warn).mockClear()
    expect(calls.length).toBeGreaterThan(0)
    expect(inspect(calls, { depth: 9 })).not.toContain(token)
    expect({ ...localStorage }).toEqual(kept('theme'))
    expect({ ...sessionStorage }).toEqual(kept('theme'))
  })

  it('empties both storages when the API rejects the token, and when another login takes over', async () => {
    const { client, server } = await setUp()
    await client.login(ada)
    fill()
    const { token } = await client.login(bob)
    expect(readStorage(localStorage)).toEqual({ token })
    expect({ ...sessionStorage }).toEqual({})
    fill()
    server.sessions.clear()
    await client.api('notes').catch(() => {})
    expect(client.getState()).toEqual(signedOut('rejected'))
    expect({ ...localStorage, ...sessionStorage }).toEqual({})
  })

  it('empties nothing where nobody was signed in', async () => {
    const { client } = await setUp()
    fill()
    await client.logout()
    expect({ ...localStorage }).toEqual(kept('theme', 'locale', 'draft', 'cart'))
    await client.login(ada)
    expect({ ...sessionStorage }).toEqual(kept('theme', 'locale', 'draft', 'cart'))
  })
})

describe('the settings of TanStack’s developer tools', () => {
  const keys = ['TanstackQueryDevtools.open', 'tanstack_devtools_settings']

  const leave = async () => {
    const { server, client } = await setUp()
    client.setSession(server.issue(ada.email))
    for (const key of [...keys, 'draft']) localStorage.setItem(key, 'kept')
    await client.logout()
    return Object.keys({ ...localStorage }).sort()
  }

  afterEach(() => void vi.unstubAllEnvs())

  it('stay in development', async () => {
    expect(await leave()).toEqual(keys)
  })

  it('go in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(await leave()).toEqual([])
  })
})
