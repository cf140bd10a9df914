import { MutationCache, MutationObserver, QueryClient } from '@tanstack/react-query'
import { expect, it, vi } from 'vitest'
import { type AuthClientOptions, memoryStorage } from 'signoff'
import { ada, makeClient } from '../support/renderApp.tsx'

type Copy = Parameters<NonNullable<AuthClientOptions<unknown>['persister']>['persistClient']>[0]

const session = { token: 'token-of-ada', user: { id: 'ada', email: ada.email } }
const copy: Copy = { timestamp: 1, buster: '', clientState: { queries: [], mutations: [] } }

/** What several clients of one page have in common, as a hot reload leaves them. */
const start = () => {
  const onSuccess = vi.fn()
  const config = { onSuccess }
  const mutationCache = new MutationCache(config)
  const queryClient = new QueryClient({ mutationCache })
  const written = vi.fn()
  const persister = {
    persistClient: (given: Copy) => written(given),
    restoreClient: () => undefined,
    removeClient: () => undefined,
  }
  const own = persister.persistClient
  const storage = memoryStorage()
  storage.set(session.token)
  const make = () =>
    makeClient({
      baseUrl: 'https://api.example.com',
      queryClient,
      persister,
      storage,
      fetch: async () => Response.json(session.user),
    }).client
  const expectGivenBack = () => {
    expect(Object.getOwnPropertyDescriptor(mutationCache, 'config')).toEqual({
      configurable: true,
      enumerable: true,
      writable: true,
      value: config,
    })
    expect(mutationCache.config).toBe(config)
    expect(persister.persistClient).toBe(own)
  }
  return { queryClient, mutationCache, config, onSuccess, persister, own, written, make, expectGivenBack }
}

it('what is put on the app’s objects is put on at the first mount, or before for its persister, and given back at the last unmount', () => {
  const { mutationCache, config, persister, own, make, expectGivenBack } = start()
  const [first, second] = [make(), make()]
  expect(mutationCache.config).toBe(config)
  first.mount()
  const guarded = persister.persistClient
  expect(guarded).not.toBe(own)
  expect(Object.getOwnPropertyDescriptor(mutationCache, 'config')?.get).toBeDefined()
  second.mount()
  expect(persister.persistClient).toBe(guarded)
  first.unmount()
  expect(persister.persistClient).toBe(guarded)
  second.unmount()
  expectGivenBack()
})

it('a configuration that the app sets meanwhile is the one that is given back', () => {
  const { mutationCache, make } = start()
  const unmount = make().mount()
  const next = { onError: () => {} }
  mutationCache.config = next
  unmount()
  expect(mutationCache.config).toBe(next)
})

it('a persister whose function is its class’s has none of its own when it is given back', () => {
  class Persister {
    readonly written: unknown[] = []
    persistClient(given: unknown): void {
      this.written.push(given)
    }
    restoreClient(): void {}
    removeClient(): void {}
  }
  const persister = new Persister()
  const { client } = makeClient({ baseUrl: 'https://api.example.com', persister, storage: memoryStorage() })
  const unmount = client.mount()
  expect(Object.hasOwn(persister, 'persistClient')).toBe(true)
  unmount()
  expect(Object.hasOwn(persister, 'persistClient')).toBe(false)
  persister.persistClient(copy)
  expect(persister.written).toEqual([copy])
})

it('what somebody has put over the persister’s guarded function stays, and goes on to write', () => {
  const { persister, written, make } = start()
  const unmount = make().mount()
  const guarded = persister.persistClient
  const over = (given: Copy) => guarded(given)
  persister.persistClient = over
  unmount()
  expect(persister.persistClient).toBe(over)
  persister.persistClient(copy)
  expect(written).toHaveBeenCalledExactlyOnceWith(copy)
})

it.each(['before', 'after'])(
  'a client that is mounted %s the old one is unmounted lets the persister write, and no longer asks the old one',
  (order) => {
    const { persister, written, make, expectGivenBack } = start()
    const old = make()
    old.mount()
    old.setSession(session)
    const next = make()
    if (order === 'after') old.unmount()
    next.mount()
    if (order === 'before') old.unmount()
    next.setSession({ ...session, token: 'another-token-of-ada' })
    written.mockClear()
    persister.persistClient(copy)
    expect(written).toHaveBeenCalledExactlyOnceWith(copy)
    next.unmount()
    expectGivenBack()
  },
)

it('5,000 clients that are made and used on one QueryClient work, and leave nothing on it', async () => {
  const { queryClient, onSuccess, persister, written, make, expectGivenBack } = start()
  const clients = Array.from({ length: 5000 }, make)
  for (const client of clients) client.subscribe(() => {})
  await new MutationObserver(queryClient, { mutationFn: async () => 'saved' }).mutate()
  expect(onSuccess).toHaveBeenCalledOnce()
  persister.persistClient(copy)
  expect(written).toHaveBeenCalledExactlyOnceWith(copy)
  for (const client of clients) client.unmount()
  expectGivenBack()
})
