import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { createSyncStoragePersister } from '@tanstack/query-sync-storage-persister'
import { QueryClient, useQuery } from '@tanstack/react-query'
import {
  persistQueryClient,
  PersistQueryClientProvider,
  persistQueryClientRestore,
} from '@tanstack/react-query-persist-client'
import { act, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthProvider } from 'signoff'
import { type ApiServer, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const secret = 'private note'
const key = 'REACT_QUERY_OFFLINE_CACHE'

// The persisters' throttle of one second is waited for on a clock of the test's own.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const throttle = () => act(() => vi.advanceTimersByTimeAsync(3000))

/** A storage that takes its time, as IndexedDB does, and more of it to write than to remove. */
const slowStorage = () => {
  const entries = new Map<string, string>()
  const after = <T,>(delay: number, act: () => T) =>
    new Promise<T>((resolve) => setTimeout(() => resolve(act()), delay))
  return {
    getItem: (name: string) => after(5, () => entries.get(name) ?? null),
    setItem: (name: string, value: string) => after(50, () => void entries.set(name, value)),
    removeItem: (name: string) => after(5, () => void entries.delete(name)),
    read: () => entries.get(key) ?? '',
  }
}

const webStorage = () => ({
  getItem: (name: string) => localStorage.getItem(name),
  setItem: (name: string, value: string) => localStorage.setItem(name, value),
  removeItem: (name: string) => localStorage.removeItem(name),
  read: () => localStorage.getItem(key) ?? '',
})

const persisters = [
  ['synchronous', webStorage, createSyncStoragePersister],
  ['asynchronous', webStorage, createAsyncStoragePersister],
  ['asynchronous and slow', slowStorage, createAsyncStoragePersister],
] as const

const ways = ['persistQueryClient', 'PersistQueryClientProvider'] as const

describe.each(persisters)('the copy of a persister that is %s', (_name, makeStorage, createPersister) => {
  describe.each(ways)('and used with %s', (way) => {
    const load = (server: ApiServer, storage = makeStorage()) => {
      const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
      const persister = createPersister({ storage: storage as never })
      const app = makeClient({ baseUrl: server.baseUrl, queryClient, persister, keepStorage: [key] })
      return { server, storage, persister, ...app }
    }
    const start = async (Page: () => React.ReactNode = () => null) => {
      const app = load(await startApiServer())
      const { client, queryClient, persister } = app
      client.setSession(app.server.issue(ada.email))
      if (way === 'persistQueryClient') void persistQueryClient({ queryClient, persister })
      else {
        render(
          <PersistQueryClientProvider client={queryClient} persistOptions={{ persister }}>
            <AuthProvider client={client}>
              <Page />
            </AuthProvider>
          </PersistQueryClientProvider>,
        )
      }
      await throttle()
      await throttle()
      return app
    }
    const expectNothing = async ({ server, storage }: ReturnType<typeof load>) => {
      for (let round = 0; round < 2; round += 1) {
        await throttle()
        expect(storage.read()).not.toContain(secret)
        // What was being written when it was removed may leave an empty copy.
        if (makeStorage === webStorage) expect(storage.read()).toBe('')
      }
      const { queryClient, persister } = load(server, storage)
      const restored = persistQueryClientRestore({ queryClient, persister })
      await throttle()
      await restored
      expect(queryClient.getQueryCache().getAll()).toEqual([])
    }

    it.each([0, 10, 500, 1000, 1010])('is gone, %s ms after a write', async (delay) => {
      const app = await start()
      app.queryClient.setQueryData(['notes'], secret)
      await throttle()
      expect(app.storage.read()).toContain(secret)
      app.queryClient.setQueryData(['notes'], `${secret} changed`)
      await act(() => vi.advanceTimersByTimeAsync(delay))
      act(() => void app.client.logout())
      await expectNothing(app)
    })

    it('gets no answer that arrives within forty microtasks of the logout', async () => {
      const app = await start()
      for (let microtasks = 0; microtasks < 40; microtasks += 1) {
        const answer = deferred<string>()
        const queryFn = vi.fn(() => answer.promise)
        app.queryClient.fetchQuery({ queryKey: ['notes'], queryFn }).catch(() => {})
        expect(queryFn).toHaveBeenCalledOnce()
        answer.resolve(secret)
        for (let count = 0; count < microtasks; count += 1) await Promise.resolve()
        act(() => void app.client.logout())
        await throttle()
        expect(app.storage.read(), `after ${microtasks} microtasks`).not.toContain(secret)
        act(() => app.client.setSession(app.server.issue(ada.email)))
      }
    })

    it('gets nothing of a refetch that ignores its signal, while signed out and under the next user', async () => {
      const answer = deferred<string>()
      const queryFn = vi.fn<() => Promise<string>>(async () => secret)
      const options = { queryKey: ['notes'], queryFn }
      const app = await start(() => <p>{useQuery(options).data ?? 'nothing'}</p>)
      if (way === 'persistQueryClient') await app.queryClient.fetchQuery(options)
      else expect(screen.getByText(secret)).toBeDefined()
      await throttle()
      queryFn.mockImplementation(() => answer.promise)
      void app.queryClient.refetchQueries({ type: 'all' })
      expect(queryFn).toHaveBeenCalledTimes(2)

      act(() => void app.client.logout())
      await expectNothing(app)
      queryFn.mockImplementation(async () => 'of bob')
      act(() => app.client.setSession(app.server.issue(bob.email)))
      await act(async () => answer.resolve(secret))
      await throttle()
      expect(app.storage.read()).not.toContain(secret)
      expect(app.storage.read()).not.toContain(ada.email)
    })
  })
})
