import { MutationObserver, QueryObserver } from '@tanstack/react-query'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

/*
 * A client that nobody has mounted or subscribed to: that of a `/logout` loader, of a test, of a page without the provider.
 */

type Options = Partial<Parameters<typeof makeClient>[0]>

const mounted: (() => void)[] = []
afterEach(() => {
  for (const unmount of mounted.splice(0)) unmount()
})

const start = async () => {
  const server = await startApiServer()
  const session = server.issue(ada.email)
  localStorage.setItem('token', session.token)
  const make = (options: Options = {}) => makeClient({ baseUrl: server.baseUrl, ...options })
  /** Another tab of the app. */
  const openTab = async () => {
    const tab = make()
    mounted.push(tab.client.mount())
    await vi.waitFor(() => expect(tab.client.getState().status).toBe('signed-in'))
    tab.queryClient.setQueryData(['notes'], `private note of ${ada.email}`)
    return tab
  }
  return { server, make, openTab, ...session }
}

const hasListeners = ({ queryClient }: ReturnType<typeof makeClient>) =>
  [queryClient.getQueryCache(), queryClient.getMutationCache()].map((cache) => cache.hasListeners())

const cached = ({ queryClient }: ReturnType<typeof makeClient>) =>
  JSON.stringify(
    [...queryClient.getQueryCache().getAll(), ...queryClient.getMutationCache().getAll()].map(
      ({ state }) => state,
    ),
  )

describe('a client that is not mounted', () => {
  it('tells the other tabs of its logout, which send no request of their own', async () => {
    const { server, make, openTab, token } = await start()
    const tabs = [await openTab(), await openTab()]
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    mounted.push(() => vi.useRealTimers())
    await make().client.logout()
    await vi.waitFor(() =>
      expect(tabs.map(({ client }) => client.getState())).toEqual(
        tabs.map(() => ({ status: 'signed-out', user: null, token: null, reason: 'elsewhere' })),
      ),
    )
    expect(tabs.map(cached).join()).not.toContain('ada')
    // By then, tabs that nobody had told would have revoked the token.
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.received('POST /api/auth/logout').map((request) => request.token)).toEqual([token])
  })

  it('leaves no channel open, and a tab with a token of its own says only that something has happened', async () => {
    const open = new Set<BroadcastChannel>()
    const sent: unknown[] = []
    const { BroadcastChannel: Channel } = globalThis
    vi.stubGlobal(
      'BroadcastChannel',
      class extends Channel {
        constructor(name: string) {
          super(name)
          open.add(this)
        }
        override postMessage(message: unknown) {
          sent.push(message)
          super.postMessage(message)
        }
        override close() {
          open.delete(this)
          super.close()
        }
      },
    )
    mounted.push(() => vi.unstubAllGlobals())
    const { make, user, token } = await start()
    await make().client.logout()
    await vi.waitFor(() => expect(open.size).toBe(0))
    expect(sent).toContainEqual(expect.objectContaining({ act: 'end' }))
    sent.length = 0
    const { client } = make({ storage: memoryStorage() })
    client.setSession({ user, token })
    await client.logout()
    await vi.waitFor(() => expect(open.size).toBe(0))
    expect(new Set(sent)).toEqual(new Set([null]))
  })

  it('reads the storage anew at `getState()`, and forgets what was the last user’s', async () => {
    const { server, make, token, user } = await start()
    const app = make()
    const { client, queryClient } = app
    expect(client.getState()).toEqual({ status: 'restoring', user: null, token })
    await queryClient.fetchQuery(client.userOptions)
    expect(client.getState()).toEqual({ status: 'signed-in', user, token })
    queryClient.setQueryData(['notes'], `private note of ${ada.email}`)
    const state = client.getState()
    expect(client.getState()).toBe(state)

    const next = server.issue(bob.email)
    localStorage.setItem('token', next.token)
    expect(client.getState()).toEqual({ status: 'restoring', user: null, token: next.token })
    expect(cached(app)).not.toContain('ada')
    await queryClient.fetchQuery(client.userOptions)
    expect(client.getState()).toEqual({ status: 'signed-in', ...next })

    localStorage.removeItem('token')
    const out = client.getState()
    expect(out).toEqual({ status: 'signed-out', user: null, token: null, reason: 'elsewhere' })
    expect(client.getState()).toBe(out)
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })

  it('logs out whom another tab has logged in meanwhile, and leaves whoever has taken the place of its own user', async () => {
    const { server, make, token } = await start()
    localStorage.clear()
    const { client } = make()
    expect(client.getState().status).toBe('signed-out')
    localStorage.setItem('token', token)
    expect(await client.logout()).toMatchObject({ token, revoked: true })
    expect(localStorage.getItem('token')).toBeNull()

    const own = server.issue(ada.email)
    client.setSession(own)
    const next = server.issue(bob.email)
    localStorage.setItem('token', next.token)
    expect(await client.logout()).toMatchObject({ token: own.token, revoked: true })
    expect(client.getState()).toMatchObject({ status: 'restoring', token: next.token })
    expect([...server.sessions.keys()]).toEqual([next.token])
  })

  it('goes on in memory where the storage throws', async () => {
    const { make, user, token } = await start()
    const fail = () => {
      throw new DOMException('blocked', 'SecurityError')
    }
    const { client } = make({ storage: { get: fail, set: fail, remove: fail } })
    client.setSession({ user, token })
    expect(client.getState()).toEqual({ status: 'signed-in', user, token })
    await client.logout()
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
    vi.mocked(console.warn).mockClear()
  })

  it('leaves no subscription after a login and a logout', async () => {
    const { make } = await start()
    const app = make()
    await app.client.login(bob)
    await app.client.logout()
    expect(hasListeners(app)).toEqual([false, false])
  })

  it('hears of a login of a mutation until it has settled, and then leaves no subscription', async () => {
    const { server, make } = await start()
    const app = make()
    const { client, queryClient } = app
    const observer = new MutationObserver(queryClient, { mutationFn: client.logout, gcTime: Infinity })
    const result = observer.mutate()
    expect(await result).toMatchObject({ revoked: true })
    const other = new MutationObserver(queryClient, { mutationFn: client.login })
    await other.mutate(ada)
    const answered = deferred()
    server.answer('POST /api/auth/login', async (response, request) => {
      await answered.promise
      answers.json(server.issue(bob.email))(response, request)
    })
    const login = new MutationObserver(queryClient, { mutationFn: client.login })
    const settled = login.mutate(bob).catch((error: Error) => error.name)
    await vi.waitFor(() => expect(server.received('POST /api/auth/login')).toHaveLength(2))
    void client.logout()
    expect(hasListeners(app)).toEqual([true, true])
    answered.resolve()
    expect(await settled).toBe('SessionEndedError')
    await vi.waitFor(() => expect(hasListeners(app)).toEqual([false, false]))
    expect(cached(app)).not.toContain(bob.password)
  })

  it('leaves none once somebody who has subscribed has gone, and follows the storage until then', async () => {
    const { make, token } = await start()
    const app = make()
    const stops = [app.client.subscribe(() => {}), app.client.subscribe(() => {})]
    expect(hasListeners(app)).toEqual([true, true])
    stops[0]?.()
    stops[0]?.()
    expect(hasListeners(app)).toEqual([true, true])
    expect(app.client.getState()).toMatchObject({ token })
    localStorage.removeItem('token')
    expect(app.client.getState()).toMatchObject({ token })
    stops[1]?.()
    expect(hasListeners(app)).toEqual([false, false])
    expect(app.client.getState()).toMatchObject({ status: 'signed-out' })
  })

  it('hears of a mutation of the last user until it has settled, calls none of its callbacks, and then leaves', async () => {
    const { make } = await start()
    const app = make()
    const { client, queryClient } = app
    const onSuccess = vi.fn()
    const { promise, resolve } = deferred<string>()
    queryClient.getMutationCache().config.onSuccess = onSuccess
    const mutationFn = vi.fn(() => promise)
    const observer = new MutationObserver<string>(queryClient, { mutationFn, onSuccess })
    const saving = observer.mutate().then(
      () => 'saved',
      (error: Error) => error.name,
    )
    await vi.waitFor(() => expect(mutationFn).toHaveBeenCalled())
    await client.logout()
    expect(observer.getCurrentResult().status).toBe('idle')
    resolve(`private note of ${ada.email}`)
    await saving
    await vi.waitFor(() => expect(hasListeners(app)).toEqual([false, false]))
    expect(onSuccess).not.toHaveBeenCalled()
    expect(cached(app)).not.toContain('ada')
  })

  it('shows nothing, once it is mounted, of what was written after its logout', async () => {
    const { make } = await start()
    const app = make()
    const { client, queryClient } = app
    await client.logout()
    queryClient.setQueryData(['notes'], `private note of ${ada.email}`)
    mounted.push(client.mount())
    expect(cached(app)).not.toContain('ada')
    const observer = new QueryObserver(queryClient, { queryKey: ['notes'], enabled: false })
    mounted.push(observer.subscribe(() => {}))
    expect(observer.getCurrentResult().data).toBeUndefined()
  })
})
