import { inspect } from 'node:util'
import { focusManager } from '@tanstack/react-query'
import {
  type PersistedClient,
  type Persister,
  persistQueryClientRestore,
  persistQueryClientSave,
} from '@tanstack/react-query-persist-client'
import { act, screen } from '@testing-library/react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { asyncStorage, SignedIn, SignedOut, useUser } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { openDisk } from '../support/openDisk.ts'
import { recordPage } from '../support/page.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

type Options = Partial<Parameters<typeof makeClient>[0]>

/** The API, and a disk that holds a session of Ada's, as an app finds them when it is started. */
const setUp = async (isStored = true) => {
  const server = await startApiServer()
  const { user, token } = server.issue(ada.email)
  const disk = openDisk(isStored ? { token } : {})
  const start = (options: Options = {}) =>
    makeClient({ baseUrl: server.baseUrl, storage: asyncStorage(disk.storage), ...options })
  return { server, user, token, disk, start }
}

const mount = (client: ReturnType<typeof makeClient>['client']) => {
  client.mount()
  onTestFinished(client.unmount)
}

const focus = () => {
  focusManager.setFocused(false)
  focusManager.setFocused(true)
  onTestFinished(() => focusManager.setFocused(undefined))
}

const loading = { status: 'restoring', user: null, token: null }
const signedOut = (reason: string | null) => ({ status: 'signed-out', user: null, token: null, reason })

/** What is reported of a storage that fails, once, and without what it says. */
const expectReport = () => {
  const calls = [...vi.mocked(console.warn).mock.calls]
  vi.mocked(console.warn).mockClear()
  expect(calls.length).toBeGreaterThan(0)
  expect(calls.length).toBeLessThanOrEqual(2)
  expect(inspect(calls)).not.toContain('secret')
}

const Page = () => {
  const user = useUser()
  return (
    <>
      <SignedIn fallback="loading">signed in {user?.['email'] as string}</SignedIn>
      <SignedOut>login form</SignedOut>
    </>
  )
}

describe('until the storage has been read', () => {
  it('nobody is shown, and no login form', async () => {
    const { disk, start } = await setUp()
    disk.hold()
    const pages = recordPage()
    const app = start()
    renderApp(app, <Page />)
    expect(app.client.getState()).toEqual(loading)
    expect(screen.getByText('loading')).toBeDefined()

    act(() => disk.release())

    await screen.findByText('signed in ada@example.com')
    expect(pages.join()).not.toContain('login form')
  })

  it('the state is not known, and then it is known that nothing is stored', async () => {
    const { disk, start } = await setUp(false)
    disk.hold()
    const { client } = start()
    expect(client.getState()).toEqual(loading)
    expect(client.getState()).toBe(client.getState())
    const states: string[] = []
    client.subscribe(() => states.push(client.getState().status))
    disk.release()
    await vi.waitFor(() => expect(states).toEqual(['signed-out']))
    expect(client.getState()).toEqual(signedOut(null))
  })

  it('nothing is read by a client that nobody uses', async () => {
    const { disk, start } = await setUp()
    start()
    expect(disk.names).toEqual([])
  })

  it('a router that asks for the user waits', async () => {
    const { disk, start, user, token } = await setUp()
    disk.hold()
    const { client, queryClient } = start()
    const asked = queryClient.ensureQueryData(client.userOptions)
    disk.release()
    expect(await asked).toEqual(user)
    expect(client.getState()).toEqual({ status: 'signed-in', user, token })
  })

  it('a copy of the cache is not restored, and then it is, if it is the user’s own', async () => {
    const { disk, start } = await setUp()
    let copy: PersistedClient | undefined
    const persister: Persister = {
      persistClient: (client) => {
        copy = client
      },
      restoreClient: () => copy,
      removeClient: () => {
        copy = undefined
      },
    }
    const first = start({ persister })
    await first.queryClient.fetchQuery(first.client.userOptions)
    first.queryClient.setQueryData(['notes'], ['private'])
    const stop = first.client.subscribe(() => {})
    await persistQueryClientSave({ queryClient: first.queryClient, persister })
    stop()
    expect(copy?.clientState.queries).toHaveLength(2)

    disk.hold()
    const { client, queryClient } = start({ persister })
    mount(client)
    const restoring = persistQueryClientRestore({ queryClient, persister })
    disk.release()
    await restoring
    expect(queryClient.getQueryData(['notes'])).toEqual(['private'])
  })

  const logins: [
    string,
    (client: ReturnType<typeof makeClient>['client'], baseUrl: string) => Promise<object>,
  ][] = [
    ['a login', (client) => client.login(bob)],
    [
      'a login of the app’s own',
      (client, baseUrl) =>
        client.login(async ({ fetch }) => {
          const response = await fetch(`${baseUrl}/auth/login`, { method: 'POST', body: JSON.stringify(bob) })
          return (await response.json()) as { token: string }
        }),
    ],
  ]

  it.each(logins)(
    '%s waits for nothing and wins, and the token that was stored is revoked',
    async (_name, logIn) => {
      const { server, disk, start } = await setUp()
      disk.hold(/getItem/)
      const { client } = start()
      mount(client)
      const { token, user } = (await logIn(client, server.baseUrl)) as { token: string; user: object }
      expect(client.getState()).toEqual({ status: 'signed-in', token, user })
      expect(disk.stored.get('token')).toBe(token)

      disk.release()

      await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([token]))
      expect(client.getState()).toEqual({ status: 'signed-in', token, user })
      expect(disk.stored.get('token')).toBe(token)
    },
  )

  it.each(['that is mounted', 'that is not'])(
    'a logout of a client %s returns at once, removes the token, and revokes what was stored',
    async (which) => {
      const { server, disk, start } = await setUp()
      disk.hold(/getItem/)
      const onSignOut = vi.fn()
      const { client } = start({ onSignOut })
      if (which === 'that is mounted') mount(client)
      const leaving = client.logout()
      expect(client.getState()).toEqual(signedOut('logout'))
      expect(disk.names).toContain('removeItem token')
      expect(disk.stored.size).toBe(0)
      expect(await leaving).toMatchObject({ token: null, revoked: false, error: null })
      expect(await client.logout()).toMatchObject({ token: null, revoked: true })
      for (const { finish } of disk.waiting()) finish()

      await vi.waitFor(() => expect(server.sessions.size).toBe(0))
      expect(client.getState()).toEqual(signedOut('logout'))
      await vi.waitFor(() => expect(onSignOut.mock.calls).toEqual([[{ reason: 'logout', user: null }]]))
      expect(start().client.getState()).toEqual(loading)
    },
  )
})

describe('a storage that cannot be read when the app is started', () => {
  it('is left alone, and what it holds is found on focus once it can', async () => {
    const { server, disk, start, user, token } = await setUp()
    disk.break()
    const app = start()
    renderApp(app, <Page />)
    await screen.findByText('login form')
    expectReport()
    focusManager.setFocused(false)
    act(focus)
    expect(disk.names.filter((name) => !name.startsWith('getItem'))).toEqual([])
    expect(disk.stored.get('token')).toBe(token)

    disk.mend()
    act(focus)

    await screen.findByText('signed in ada@example.com')
    expect(app.client.getState()).toEqual({ status: 'signed-in', user, token })
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })

  it('is read again when the window gets the focus', async () => {
    const { disk, start, token } = await setUp()
    disk.break()
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-out'))
    expectReport()
    disk.mend()
    window.dispatchEvent(new Event('focus'))
    await vi.waitFor(() => expect(client.getState().token).toBe(token))
  })

  it('does not tell a client that nobody mounted that nobody is signed in', async () => {
    const { disk, start } = await setUp()
    disk.break()
    const { client, queryClient } = start()
    await expect(queryClient.fetchQuery(client.userOptions)).rejects.toMatchObject({ name: 'SignedOutError' })
    expect(client.getState()).toEqual(loading)
    expectReport()
  })

  it('holds nothing any more after a logout once it can be written', async () => {
    const { disk, start } = await setUp()
    disk.break()
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-out'))
    await client.logout()
    expect(client.getState()).toEqual(signedOut('logout'))
    expect(disk.stored.size).toBe(1)
    disk.mend()
    focus()
    await vi.waitFor(() => expect(disk.stored.size).toBe(0))
    focus()
    await vi.waitFor(() => expect(disk.waiting()).toEqual([]))
    expect(client.getState()).toEqual(signedOut('logout'))
    expectReport()
  })

  it.each(['a logout', 'a login'])(
    'and was changed by %s meanwhile, loses what it held only to be revoked',
    async (act) => {
      const { server, disk, start, token } = await setUp()
      disk.break()
      const { client } = start()
      mount(client)
      await vi.waitFor(() => expect(client.getState().status).toBe('signed-out'))
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      const session = act === 'a login' ? server.issue(bob.email) : undefined
      if (session) client.setSession(session)
      else void client.logout()
      await vi.advanceTimersByTimeAsync(0)
      expect(disk.stored.get('token')).toBe(token)
      disk.mend()
      // It is unlocked, and nobody has said so.
      await vi.advanceTimersByTimeAsync(60_000)
      expect(disk.stored.get('token')).toBe(session?.token)
      vi.useRealTimers()

      focus()

      await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual(session ? [session.token] : []))
      expect(client.getState().token).toBe(session?.token ?? null)
      expectReport()
    },
  )

  it('leaves a session on that has begun, when it is locked later', async () => {
    const { disk, start, token } = await setUp()
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-in'))
    const state = client.getState()
    const reads = disk.names.length
    disk.break()
    focus()
    await vi.waitFor(() => expect(vi.mocked(console.warn)).toHaveBeenCalled())
    expect(disk.names.length).toBeGreaterThan(reads)
    expect(client.getState()).toBe(state)
    expect(disk.stored.get('token')).toBe(token)
    expectReport()
  })
})

describe('writes', () => {
  it('end in what was written last, in whatever order they come back', async () => {
    const { disk, start } = await setUp(false)
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-out'))
    disk.hold(/token$/)
    await client.login(ada)
    await client.logout()
    const { token } = await client.login(bob)
    // A removal while the first token is being written.
    expect(disk.waiting().map(({ name }) => name)).toEqual(['setItem token', 'removeItem token'])

    for (let rounds = 0; disk.waiting().length > 0; rounds += 1) {
      disk.waiting().at(-1)?.finish()
      await new Promise((resolve) => setImmediate(resolve))
      expect(rounds).toBeLessThan(20)
    }

    expect(disk.stored.get('token')).toBe(token)
    expect(disk.names.filter((name) => name === 'setItem token')).toHaveLength(2)
  })

  it('of a login follow the removal of the logout before', async () => {
    const { disk, start } = await setUp()
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-in'))
    disk.hold(/token$/)
    await client.logout()
    const { token } = await client.login(bob)
    expect(disk.waiting().map(({ name }) => name)).toEqual(['removeItem token'])
    disk.waiting()[0]?.finish()
    await vi.waitFor(() => expect(disk.waiting().map(({ name }) => name)).toEqual(['setItem token']))
    expect(disk.stored.get('token')).toBeUndefined()
    disk.release()
    expect(disk.stored.get('token')).toBe(token)
  })

  it('that never come back do not keep a logout from removing the token', async () => {
    const { disk, start } = await setUp(false)
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-out'))
    disk.hold(/setItem token$/)
    const { token } = await client.login(ada)
    void client.logout()
    expect(disk.names).toContain('removeItem token')
    // And if one does come back, the token is removed again.
    disk.waiting()[0]?.finish()
    expect(disk.stored.get('token')).toBe(token)
    await vi.waitFor(() => expect(disk.stored.get('token')).toBeUndefined())
  })

  it('that fail leave the session on, and are tried again on focus', async () => {
    const { disk, start } = await setUp(false)
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-out'))
    disk.break(/setItem/)
    const session = await client.login(ada)
    focus()
    expect(client.getState()).toEqual({ status: 'signed-in', ...session })
    expect(disk.stored.size).toBe(0)
    disk.mend()
    focus()
    await vi.waitFor(() => expect(disk.stored.get('token')).toBe(session.token))
    expect(client.getState()).toEqual({ status: 'signed-in', ...session })
    expectReport()
  })

  it('of a logout that fail are tried again after a while, and before the next login is written', async () => {
    const { disk, start } = await setUp()
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-in'))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    disk.break(/Item token/)
    void client.logout()
    await vi.advanceTimersByTimeAsync(0)
    expect(disk.stored.get('token')).toBeDefined()
    const tries = () => disk.names.filter((name) => name === 'removeItem token').length
    expect(tries()).toBe(1)
    // Nothing can be read: it is removed unseen.
    await vi.advanceTimersByTimeAsync(1000)
    expect(tries()).toBe(2)
    disk.break(/setItem token/)
    client.setSession({ user: { id: '2', email: bob.email }, token: 'B' })
    await vi.advanceTimersByTimeAsync(0)
    expect(disk.stored.get('token')).toBeUndefined()
    disk.mend()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(disk.stored.get('token')).toBe('B')
    expectReport()
  })

  it('that are tried again leave alone what another process has written meanwhile', async () => {
    const { server, disk, start } = await setUp()
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-in'))
    disk.break(/removeItem/)
    await client.logout()
    const { token } = server.issue(bob.email)
    disk.stored.set('token', token)
    disk.mend()
    focus()
    await vi.waitFor(() => expect(client.getState().token).toBe(token))
    expect(disk.stored.get('token')).toBe(token)
    expectReport()
  })

  it('leave nothing of the user, or the next one, wherever the process is killed', async () => {
    const { server, disk, start, token: before } = await setUp()
    const { client } = start()
    mount(client)
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-in'))
    const copies: Record<string, string>[] = []
    disk.hold(/setItem|removeItem/)
    await client.logout()
    const { token } = await client.login(bob)
    while (disk.waiting().length > 0) {
      disk.waiting()[0]?.finish()
      copies.push(Object.fromEntries(disk.stored))
      await new Promise((resolve) => setImmediate(resolve))
    }

    expect(copies.length).toBeGreaterThan(3)
    const found = []
    for (const copy of copies) {
      const next = makeClient({
        baseUrl: server.baseUrl,
        storage: asyncStorage(openDisk(copy).storage),
      })
      next.client.getState()
      await vi.waitFor(() => expect(next.client.getState()).not.toEqual(loading))
      found.push(next.client.getState().token)
    }
    expect(found).not.toContain(before)
    expect(found[0]).toBeNull()
    expect(found.at(-1)).toBe(token)
  })
})

describe('two clients on one store', () => {
  it('follow each other’s logins and logouts', async () => {
    const { disk, start } = await setUp(false)
    const [one, other] = [start().client, start().client]
    for (const client of [one, other]) mount(client)
    await vi.waitFor(() => expect(other.getState().status).toBe('signed-out'))
    const { token } = await one.login(ada)
    focus()
    await vi.waitFor(() => expect(other.getState()).toMatchObject({ status: 'signed-in', token }))
    disk.hold(/removeItem/)
    const reads = () => disk.names.filter((name) => name === 'getItem token').length
    const before = reads()
    const leaving = other.logout()
    // That a logout was asked for, and that the session has ended.
    await vi.waitFor(() => expect(reads()).toBeGreaterThanOrEqual(before + 2))
    expect(one.getState().status).toBe('signed-in')
    disk.release()
    await leaving
    await vi.waitFor(() => expect(one.getState()).toEqual(signedOut('elsewhere')))
    expect(disk.stored.size).toBe(0)
  })

  it('hear of it on focus where they cannot tell each other', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    onTestFinished(() => void vi.unstubAllGlobals())
    const { start } = await setUp()
    const [one, other] = [start().client, start().client]
    for (const client of [one, other]) mount(client)
    await vi.waitFor(() => expect(other.getState().status).toBe('signed-in'))
    await vi.waitFor(() => expect(one.getState().status).toBe('signed-in'))
    await one.logout()
    focus()
    await vi.waitFor(() => expect(other.getState()).toEqual(signedOut('elsewhere')))
  })

  it('of two APIs leave each other’s token alone, and never send it', async () => {
    const { disk, start } = await setUp(false)
    const own = start().client
    await own.login(ada)
    const stranger = await startApiServer()
    const { client } = makeClient({ baseUrl: stranger.baseUrl, storage: asyncStorage(disk.storage) })
    mount(client)
    await vi.waitFor(() => expect(client.getState()).toEqual(signedOut(null)))
    await client.logout()
    expect(disk.stored.get('token')).toBe(own.getState().token)
    expect(stranger.requests).toEqual([])
  })

  it('with one `asyncStorage` share what is in memory', async () => {
    const { disk, server } = await setUp()
    const storage = asyncStorage(disk.storage)
    const [one, other] = [1, 2].map(() => makeClient({ baseUrl: server.baseUrl, storage }).client)
    if (!one || !other) throw new Error()
    one.getState()
    await vi.waitFor(() => expect(one.getState()).not.toEqual(loading))
    await one.logout()
    other.getState()
    await vi.waitFor(() => expect(other.getState()).toEqual(signedOut(null)))
  })
})

it('a key of one’s own is the token’s, and the default is `token`', async () => {
  const disk = openDisk()
  const [named, unnamed] = [asyncStorage(disk.storage, 'jwt'), asyncStorage(disk.storage)]
  named.set('A')
  unnamed.set('B')
  await vi.waitFor(() => expect(Object.fromEntries(disk.stored)).toEqual({ jwt: 'A', token: 'B' }))
  expect([named.key, unnamed.key]).toEqual(['jwt', 'token'])
})

it('is read by an adapter that answers `undefined`, throws at once, or answers at once', async () => {
  const { start } = await setUp()
  const storages = [
    { getItem: async () => undefined, setItem: async () => {}, removeItem: async () => {} },
    { getItem: () => null as never, setItem: () => null as never, removeItem: () => null as never },
  ]
  for (const storage of storages) {
    const { client } = start({ storage: asyncStorage(storage) })
    client.getState()
    await vi.waitFor(() => expect(client.getState()).toEqual(signedOut(null)))
    const { token } = await client.login(ada)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    await client.logout()
  }
  const fail = () => {
    throw new Error('not here')
  }
  const { client } = start({ storage: asyncStorage({ getItem: fail, setItem: fail, removeItem: fail }) })
  mount(client)
  await vi.waitFor(() => expect(client.getState()).toEqual(signedOut(null)))
  expect(await client.login(ada)).toBeDefined()
  await client.logout()
  expectReport()
})
