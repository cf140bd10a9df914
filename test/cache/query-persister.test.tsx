import { QueryClient, useQuery } from '@tanstack/react-query'
import * as persistence from '@tanstack/react-query-persist-client'
import { act, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { type ApiServer, deferred, startApiServer } from '../support/apiServer.ts'
import { isQueryBefore } from '../support/queryVersion.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const secret = 'private note'

/** A storage that answers later and that no sign-out empties by itself, as IndexedDB does. */
const asyncStorage = () => {
  const entries = new Map<string, string>()
  const soon = <T,>(act: () => T) => Promise.resolve().then(act)
  return {
    getItem: (name: string) => soon(() => entries.get(name)),
    setItem: (name: string, value: string) => soon(() => entries.set(name, value)),
    removeItem: (name: string) => soon(() => void entries.delete(name)),
    entries: () => soon(() => [...entries]),
    dump: () => JSON.stringify([...entries]),
    empty: () => entries.clear(),
  }
}

const webStorage = () => ({
  getItem: (name: string) => localStorage.getItem(name),
  setItem: (name: string, value: string) => localStorage.setItem(name, value),
  removeItem: (name: string) => localStorage.removeItem(name),
  entries: () => Object.entries({ ...localStorage }),
  dump: () => JSON.stringify({ ...localStorage }),
  empty: () => {},
})

const storages = [
  ['localStorage', webStorage],
  ['an asynchronous storage that the app empties', asyncStorage],
] as const

type Options = Parameters<typeof persistence.experimental_createQueryPersister<string>>[0]
type Persister = ReturnType<typeof persistence.experimental_createQueryPersister>

/** Before 5.77 it has another name, and is but the function. */
const createPersister = (options: Options): Pick<Persister, 'persisterFn' | 'restoreQueries'> => {
  const { experimental_createPersister: createFunction } = persistence as {
    experimental_createPersister?: (options: Options) => Persister['persisterFn']
  }
  return createFunction
    ? { persisterFn: createFunction(options), restoreQueries: async () => {} }
    : persistence.experimental_createQueryPersister(options)
}

/** Before 5.77 it writes an entry without data under the key of before, whatever has become of the query. */
const isKeyKept = isQueryBefore(77)

const later = () => act(async () => new Promise((resolve) => setTimeout(resolve, 0)))

describe.each(storages)('a persister for each query, on %s', (_name, makeStorage) => {
  const load = (server: ApiServer, storage = makeStorage()) => {
    const persister = createPersister({ storage })
    const queryClient = new QueryClient({
      defaultOptions: { queries: { persister: persister.persisterFn, retry: false } },
    })
    const app = makeClient({ baseUrl: server.baseUrl, queryClient })
    return { server, storage, persister, ...app }
  }
  const start = async (server?: ApiServer) => {
    const app = load(server ?? (await startApiServer()))
    app.client.setSession(app.server.issue(ada.email))
    return app
  }
  /** What an app does in `onSignOut` where the storage is not one that a sign-out empties. */
  const leave = ({ client, storage }: ReturnType<typeof load>) => {
    act(() => void client.logout())
    storage.empty()
  }
  /** Nothing is in the storage now, nor comes out of it after a reload. */
  const expectNothing = async ({ server, storage }: ReturnType<typeof load>, microtasks = 0) => {
    await later()
    await later()
    expect(storage.dump(), `after ${microtasks} microtasks`).not.toContain(secret)
    if (!isKeyKept) expect(storage.dump(), `after ${microtasks} microtasks`).not.toContain(ada.email)
    const { queryClient, persister } = load(server, storage)
    await persister.restoreQueries(queryClient)
    expect(
      JSON.stringify(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ state }) => state),
      ),
    ).not.toContain(secret)
  }

  it('keeps a copy of what it fetched, until the logout', async () => {
    const app = await start()
    await app.queryClient.fetchQuery({ queryKey: ['notes', ada.email], queryFn: () => secret })
    await vi.waitFor(() => expect(app.storage.dump()).toContain(secret))
    leave(app)
    await expectNothing(app)
  })

  it('writes nothing of an answer, whenever in the next forty microtasks logout is called', async () => {
    const server = await startApiServer()
    for (let microtasks = 0; microtasks < 40; microtasks += 1) {
      const app = await start(server)
      const answer = deferred<string>()
      const queryFn = vi.fn(() => answer.promise)
      app.queryClient.fetchQuery({ queryKey: ['notes', ada.email], queryFn }).catch(() => {})
      await vi.waitFor(() => expect(queryFn).toHaveBeenCalledOnce(), { interval: 1 })

      answer.resolve(secret)
      for (let count = 0; count < microtasks; count += 1) await Promise.resolve()
      leave(app)

      await expectNothing(app, microtasks)
    }
  })

  it.each(['unmounted', 'mounted'])(
    'writes nothing when a refetch of a query that is %s, and ignores its signal, comes back',
    async (how) => {
      const app = await start()
      const answer = deferred<string>()
      const queryFn = vi.fn<() => Promise<string>>(async () => secret)
      const options = { queryKey: ['notes', ada.email], queryFn }
      const Page = () => <p>{useQuery(options).data ?? 'nothing'}</p>
      if (how === 'mounted') {
        renderApp(app, <Page />)
        await screen.findByText(secret)
      } else await app.queryClient.fetchQuery(options)
      await vi.waitFor(() => expect(app.storage.dump()).toContain(secret))
      queryFn.mockImplementation(() => answer.promise)
      void app.queryClient.fetchQuery(options).catch(() => {})
      await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2))

      leave(app)
      await act(async () => answer.resolve(`${secret} again`))
      await expectNothing(app)
    },
  )

  it.skipIf(isKeyKept)('writes nothing when such a refetch comes back under the next user', async () => {
    const app = await start()
    const answer = deferred<string>()
    const options = { queryKey: ['notes'], queryFn: vi.fn<() => Promise<string>>(async () => secret) }
    await app.queryClient.fetchQuery(options)
    options.queryFn.mockImplementation(() => answer.promise)
    void app.queryClient.fetchQuery(options).catch(() => {})
    await vi.waitFor(() => expect(options.queryFn).toHaveBeenCalledTimes(2))
    leave(app)
    await app.client.login(bob)
    await app.queryClient.fetchQuery({ queryKey: ['notes'], queryFn: () => 'of bob' })
    await vi.waitFor(() => expect(app.storage.dump()).toContain('of bob'))

    await act(async () => answer.resolve(secret))
    await later()

    expect(app.storage.dump()).toContain('of bob')
    expect(app.storage.dump()).not.toContain(secret)
  })

  it('fetches nothing that it was restoring when logout was called, unless as aborted', async () => {
    const { server, storage, queryClient: earlier } = await start()
    await earlier.fetchQuery({ queryKey: ['notes', ada.email], queryFn: () => secret })
    await vi.waitFor(() => expect(storage.dump()).toContain(secret))
    const copies = (await storage.entries()).filter(([name]) => name !== 'token')
    localStorage.removeItem('token')

    for (let microtasks = 0; microtasks < 12; microtasks += 1) {
      for (const [name, copy] of copies) await storage.setItem(name, copy)
      const app = load(server, storage)
      app.client.setSession(server.issue(ada.email))
      const asked: boolean[] = []
      const queryFn = ({ signal }: { signal: AbortSignal }) => {
        asked.push(signal.aborted)
        return `${secret} fetched`
      }
      const options = { queryKey: ['notes', ada.email], queryFn }
      app.queryClient.fetchQuery(options).catch(() => {})
      for (let count = 0; count < microtasks; count += 1) await Promise.resolve()

      leave(app)

      await expectNothing(app, microtasks)
      expect(asked, `after ${microtasks} microtasks`).not.toContain(false)
    }
  })
})
