import { MutationCache, MutationObserver, QueryCache, QueryClient } from '@tanstack/react-query'
import { expect, it, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { deferred } from '../support/apiServer.ts'
import { isQueryBefore } from '../support/queryVersion.ts'
import { ada, makeClient } from '../support/renderApp.tsx'
import { changes, isOtherVersion } from './changes.ts'
import { loadKit } from './loadKit.ts'

const secret = 'private note of ada@example.com'
const session = (email: string) => ({ token: `token-of-${email}`, user: { id: email, email } })

/** A client that is signed in, and whose API confirms all. */
const start = (queryClient = new QueryClient()) => {
  const fetch = async () => Response.json({})
  const app = makeClient({ baseUrl: 'https://api.example.com', queryClient, storage: memoryStorage(), fetch })
  app.client.setSession(session(ada.email))
  queryClient.setQueryDefaults(['news'], { meta: { public: true } })
  queryClient.setQueryData(['news'], 'public news')
  queryClient.setQueryData(['notes'], secret)
  return app
}

const expectFineWay = async ({ client, queryClient }: ReturnType<typeof start>) => {
  await client.logout()
  expect(queryClient.getQueryData(['notes'])).toBeUndefined()
  expect(queryClient.getQueryData(['news'])).toBe('public news')
  expect(console.error).not.toHaveBeenCalled()
}

const expectEmptied = ({ client, queryClient }: ReturnType<typeof start>) => {
  expect(client.getState().status).toBe('signed-out')
  expect(queryClient.getQueryCache().getAll()).toEqual([])
  expect(console.error).toHaveBeenCalledOnce()
  vi.mocked(console.error).mockClear()
}

it('a QueryClient of the app’s own, whose constructor throws without arguments, is left in the fine way', async () => {
  class AppClient extends QueryClient {
    readonly name: string
    constructor(app: { name: string }) {
      super()
      this.name = app.name
    }
  }
  await expectFineWay(start(new AppClient({ name: 'notes' })))
})

it('a QueryClient of the app’s own is made by nobody else, and its caches are only the app’s', async () => {
  const caches = { queryCache: new QueryCache(), mutationCache: new MutationCache() }
  const made = vi.fn()
  class AppClient extends QueryClient {
    constructor() {
      super(caches)
      made()
    }
  }
  const events: unknown[] = []
  caches.queryCache.subscribe(({ query }) => events.push(query.queryKey[0]))
  await expectFineWay(start(new AppClient()))
  expect(made).toHaveBeenCalledOnce()
  expect(new Set(events)).toEqual(new Set(['news', 'notes', 'signoff']))
})

it('what is no client of TanStack’s at all is emptied', () => {
  const queryClient = new QueryClient()
  const methods = ['getQueryCache', 'getMutationCache', 'setQueryData', 'getQueryData', 'clear'] as const
  const wrapper = Object.fromEntries([
    ...methods.map((name) => [name, (...given: [never, never]) => queryClient[name](...given)]),
    ['setQueryDefaults', () => {}],
  ]) as QueryClient
  const app = start(wrapper)
  void app.client.logout()
  expectEmptied(app)
})

// Before 5.66 the method of TanStack's that empties it calls the one that throws here.
it.skipIf(isQueryBefore(66))(
  'a cache that throws halfway is emptied, and tells its events again',
  async () => {
    const app = start()
    const { queryClient } = app
    const stop = app.client.subscribe(() => {})
    await new MutationObserver(queryClient, { mutationFn: async () => secret }).mutate()
    const cache = queryClient.getMutationCache()
    cache.remove = () => {
      throw new Error('Oops')
    }
    void app.client.logout()
    expectEmptied(app)
    expect(cache.getAll()).toEqual([])
    const heard = vi.fn()
    cache.subscribe(heard)
    const meta = { public: true }
    await new MutationObserver(queryClient, { mutationFn: async () => secret, meta }).mutate()
    expect(heard).toHaveBeenCalled()
    stop()
  },
)

it('after a sign-out the caches tell their events by methods of their own class again', () => {
  const { client, queryClient } = start()
  void client.logout()
  for (const cache of [queryClient.getQueryCache(), queryClient.getMutationCache()])
    expect(Object.hasOwn(cache, 'notify')).toBe(false)
})

it('a method that somebody else has put over the one that tells events stays where it was', () => {
  const { client, queryClient } = start()
  const cache = queryClient.getQueryCache()
  const notify = vi.fn(cache.notify.bind(cache))
  cache.notify = notify
  void client.logout()
  expect(cache.notify).toBe(notify)
  expect(notify).toHaveBeenCalled()
})

it('a configuration of a mutation cache that is frozen hears what it should, and no more', async () => {
  const onSuccess = vi.fn()
  const mutationCache = new MutationCache(Object.freeze({ onSuccess }))
  const { client, queryClient } = start(new QueryClient({ mutationCache }))
  const save = () => new MutationObserver(queryClient, { mutationFn: async () => secret }).mutate()
  await save()
  expect(onSuccess).toHaveBeenCalledOnce()
  const late = save()
  void client.logout()
  await late.catch(() => {})
  expect(onSuccess).toHaveBeenCalledOnce()
})

it('a callback that is put into the configuration of a mutation cache later is called', async () => {
  const { queryClient } = start()
  const onSuccess = vi.fn()
  queryClient.getMutationCache().config.onSuccess = onSuccess
  await new MutationObserver(queryClient, { mutationFn: async () => secret }).mutate()
  expect(onSuccess).toHaveBeenCalledOnce()
})

it
  .skipIf(isOtherVersion)
  .each(['notifications are held together by another method', 'nobody else schedules a notification'])(
  'where %s React is told all the same, and the app’s scheduler is in its place',
  async (name) => {
    const kit = await loadKit(name, changes.find((change) => change.name === name)?.edits)
    const scheduler = vi.fn((flush: () => void) => flush())
    kit.notifyManager.setScheduler(scheduler)
    const client = kit.createAuthClient({
      baseUrl: 'https://api.example.com',
      queryClient: new kit.QueryClient(),
      storage: kit.memoryStorage(),
      fetch: async () => Response.json({}),
      scheduler,
    })
    client.setSession(session(ada.email))
    const told = vi.fn()
    client.subscribe(told)
    void client.logout()
    expect(told).toHaveBeenCalled()
    scheduler.mockClear()
    kit.notifyManager.batchCalls(() => {})()
    expect(scheduler).toHaveBeenCalledOnce()
    vi.mocked(console.error).mockClear()
  },
)

it.skipIf(isOtherVersion)(
  'the logout that is under way is joined, although everything is mounted anew meanwhile',
  async () => {
    const { name, edits } = changes.find((change) => change.called === 'of a mutation') ?? {}
    const kit = await loadKit(`${name}`, edits)
    const storage = kit.memoryStorage()
    const answer = deferred<Response>()
    storage.set(session(ada.email).token)
    const client = kit.createAuthClient({
      baseUrl: 'https://api.example.com',
      queryClient: new kit.QueryClient(),
      storage,
      fetch: () => answer.promise,
    })
    const first = client.logout()
    await vi.waitFor(() => expect(console.error).toHaveBeenCalledOnce())
    vi.mocked(console.error).mockClear()
    const second = client.logout()
    answer.resolve(Response.json({}))
    expect(await second).toBe(await first)
  },
)
