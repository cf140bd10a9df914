import { createSyncStoragePersister } from '@tanstack/query-sync-storage-persister'
import { QueryClient } from '@tanstack/react-query'
import { persistQueryClient, PersistQueryClientProvider } from '@tanstack/react-query-persist-client'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi, onTestFinished } from 'vitest'
import { AuthProvider, useLogout } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { readStorage } from '../support/readStorage.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const secret = 'private note'
const key = 'REACT_QUERY_OFFLINE_CACHE'

// The persister's throttle of one second is waited for on a clock of the test's own.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const throttle = () => act(() => vi.advanceTimersByTimeAsync(2000))

const start = async () => {
  const server = await startApiServer()
  const queryClient = new QueryClient()
  const persister = createSyncStoragePersister({ storage: window.localStorage })
  const app = makeClient({ baseUrl: server.baseUrl, queryClient, persister, keepStorage: [key] })
  await app.client.login(ada)
  return { server, persister, ...app }
}

describe('persistQueryClient', () => {
  it('leaves no copy behind, although a throttled write was on its way', async () => {
    const { client, queryClient, persister } = await start()
    const [unsubscribe, restored] = persistQueryClient({ queryClient, persister })
    await restored
    queryClient.setQueryData(['notes'], secret)
    await throttle()
    expect(localStorage.getItem(key)).toContain(secret)
    queryClient.setQueryData(['notes'], `${secret} changed`)

    void client.logout()
    expect(localStorage.getItem(key)).toBeNull()
    await throttle()
    await throttle()

    expect(localStorage.getItem(key)).toBeNull()
    unsubscribe()
  })

  it('goes on to persist public data while signed out', async () => {
    const { client, queryClient, persister } = await start()
    const [unsubscribe, restored] = persistQueryClient({ queryClient, persister })
    await restored
    queryClient.setQueryData(['notes'], secret)
    queryClient.setQueryDefaults(['news'], { meta: { public: true } })
    void client.logout()
    queryClient.setQueryData(['news'], 'public news')
    await throttle()
    expect(localStorage.getItem(key)).toContain('public news')
    expect(localStorage.getItem(key)).not.toContain(secret)
    unsubscribe()
  })

  it('persists the next user’s data', async () => {
    const { client, queryClient, persister } = await start()
    const [unsubscribe, restored] = persistQueryClient({ queryClient, persister })
    await restored
    queryClient.setQueryData(['notes'], secret)
    void client.logout()
    await client.login(bob)
    queryClient.setQueryData(['notes'], 'of bob')
    await throttle()
    expect(localStorage.getItem(key)).toContain('of bob')
    expect(localStorage.getItem(key)).not.toContain(secret)
    unsubscribe()
  })

  it('does not bring a copy back that is restored after the logout', async () => {
    const { client, queryClient, persister } = await start()
    const [unsubscribe, restored] = persistQueryClient({ queryClient, persister })
    await restored
    queryClient.setQueryData(['notes'], secret)
    await throttle()
    const copy = localStorage.getItem(key) ?? ''
    await client.logout()
    localStorage.setItem(key, copy)

    await persistQueryClient({ queryClient, persister })[1]

    expect(queryClient.getQueryData(['notes'])).toBeUndefined()
    unsubscribe()
  })

  it('dehydrates nothing of what is being forgotten', async () => {
    const { client, queryClient, persister } = await start()
    const persisted: string[] = []
    const { persistClient } = persister
    persister.persistClient = (copy) => {
      persisted.push(JSON.stringify(copy))
      return persistClient(copy)
    }
    const [unsubscribe, restored] = persistQueryClient({ queryClient, persister })
    await restored
    for (let index = 0; index < 10; index += 1) queryClient.setQueryData(['notes', index], secret)
    persisted.length = 0
    void client.logout()
    expect(persisted.length).toBeGreaterThan(0)
    expect(persisted.join()).not.toContain(secret)
    unsubscribe()
  })
})

it('gets nothing of a user whose session has ended in another tab, before this one has heard of it', async () => {
  const { client, queryClient, persister } = await start()
  onTestFinished(client.subscribe(() => {}))
  const [unsubscribe, restored] = persistQueryClient({ queryClient, persister })
  await restored
  queryClient.setQueryData(['notes'], secret)
  await throttle()
  localStorage.clear()
  localStorage.setItem('token', 'of-bob')
  queryClient.setQueryData(['notes'], `${secret} changed`)
  await throttle()
  expect(client.getState().user?.email).toBe(ada.email)
  expect(readStorage(localStorage)).toEqual({ token: 'of-bob' })
  unsubscribe()
})

it('leaves no copy behind below PersistQueryClientProvider, with the logout’s own mutation in the cache', async () => {
  const { client, queryClient, persister } = await start()
  const LogoutButton = () => {
    const logout = useLogout()
    return <button onClick={() => logout.mutate()}>{logout.isSuccess ? 'out' : 'log out'}</button>
  }
  render(
    <PersistQueryClientProvider client={queryClient} persistOptions={{ persister }}>
      <AuthProvider client={client}>
        <LogoutButton />
      </AuthProvider>
    </PersistQueryClientProvider>,
  )
  await throttle()
  queryClient.setQueryData(['notes'], secret)
  await throttle()
  expect(localStorage.getItem(key)).toContain(secret)

  fireEvent.click(screen.getByRole('button'))
  await vi.waitFor(async () => {
    await act(async () => {})
    expect(screen.getByText('out')).toBeDefined()
  })
  await throttle()

  expect(localStorage.getItem(key)).toBeNull()
})

it('signs out although the persister throws', async () => {
  const server = await startApiServer()
  const broken = () => {
    throw new Error('quota')
  }
  const persister = {
    persistClient: broken,
    restoreClient: broken,
    removeClient: () => Promise.reject(new Error('gone')),
  }
  const { client } = makeClient({ baseUrl: server.baseUrl, persister })
  await client.login(ada)
  await client.logout()
  expect(client.getState().status).toBe('signed-out')
  expect(console.warn).toHaveBeenCalledTimes(2)
  vi.mocked(console.warn).mockClear()
})

it('is given an empty copy at the logout, and while signed out whatever holds a query or a mutation', async () => {
  const server = await startApiServer()
  const written: unknown[] = []
  const persister = {
    persistClient: (copy: unknown) => void written.push(JSON.parse(JSON.stringify(copy))),
    restoreClient: () => undefined,
    removeClient: () => undefined,
  }
  const { client } = makeClient({ baseUrl: server.baseUrl, persister })
  const copy = (queries: unknown[], mutations: unknown[]) => ({
    timestamp: 1,
    buster: '',
    clientState: { queries, mutations },
  })
  await client.login(ada)
  await client.logout()
  expect(written).toEqual([{ timestamp: 0, buster: '', clientState: { queries: [], mutations: [] } }])
  written.length = 0
  const copies = [copy([{}], []), copy([], [{}]), copy([{}], [{}])]
  for (const each of [copy([], []), ...copies]) persister.persistClient(each)
  expect(written).toEqual(copies)
})
