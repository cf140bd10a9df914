import { createSyncStoragePersister } from '@tanstack/query-sync-storage-persister'
import { MutationObserver, onlineManager, QueryClient } from '@tanstack/react-query'
import { persistQueryClientRestore, persistQueryClientSave } from '@tanstack/react-query-persist-client'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { webStorage } from 'signoff'
import { type ApiServer, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

/** Each test has one of its own: a throttled write of the one before may come late. */
let copies = 0
let key: string
const secret = 'private note of ada'

beforeEach(() => {
  key = `copy-${(copies += 1)}`
})
afterEach(() => onlineManager.setOnline(true))

/** A page of the app, with a cache of its own. Its persister is as late as the test wants, as IndexedDB is. */
const open = (server: ApiServer, storage = webStorage('local'), isPublic?: () => boolean) => {
  const page = load(server, storage, isPublic)
  page.mount()
  return page
}

/** The same, before anything is mounted: the modules of the app have run. */
const load = ({ baseUrl }: ApiServer, storage = webStorage('local'), isPublic?: () => boolean) => {
  const queryClient = new QueryClient()
  const persister = createSyncStoragePersister({ storage: localStorage, key, throttleTime: 0 })
  const restored = deferred()
  const { restoreClient } = persister
  persister.restoreClient = async () => {
    const copy = await restoreClient()
    await restored.promise
    return copy
  }
  const app = makeClient({
    baseUrl,
    queryClient,
    persister,
    storage,
    keepStorage: [key],
    ...(isPublic && { isPublic }),
  })
  const close = () => {
    app.client.unmount()
    queryClient.clear()
  }
  onTestFinished(close)
  const cached = () =>
    JSON.stringify([
      ...queryClient
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.data),
      ...queryClient
        .getMutationCache()
        .getAll()
        .map(({ state }) => state.variables),
    ])
  return {
    ...app,
    cached,
    close,
    mount: () => void app.client.mount(),
    send: vi.fn(async () => {}),
    restore: () => restored.resolve(),
    /** Resolves when the copy is in the cache. */
    startRestoring: () => persistQueryClientRestore({ queryClient, persister }),
    save: async () => {
      await persistQueryClientSave({ queryClient, persister })
      await vi.waitFor(() => expect(localStorage.getItem(key)).not.toBeNull())
    },
  }
}

/** Ada’s page, which leaves a copy with her note, her user, a mutation that waits for the network, and the news. */
const leaveCopy = async () => {
  const server = await startApiServer()
  const page = open(server)
  await page.client.login(ada)
  page.queryClient.setQueryData(['notes'], [secret])
  page.queryClient.setQueryDefaults(['news'], { meta: { public: true } })
  await page.queryClient.fetchQuery({ queryKey: ['news'], queryFn: () => 'the news', meta: { public: true } })
  onlineManager.setOnline(false)
  const add = new MutationObserver(page.queryClient, { mutationKey: ['add'], mutationFn: async () => {} })
  void add.mutate(`${secret}, late` as never)
  await vi.waitFor(() => expect(page.queryClient.getMutationCache().getAll()[0]?.state.isPaused).toBe(true))
  await page.save()
  expect(localStorage.getItem(key)).toContain(`${secret}, late`)
  expect(localStorage.getItem(key)).not.toContain(page.client.getState().token)
  page.close()
  onlineManager.setOnline(true)
  return { server, ofBob: server.issue(bob.email) }
}

it('the copy of the session that is on comes back', async () => {
  const { server } = await leaveCopy()
  const page = open(server)
  page.restore()
  await page.startRestoring()
  expect(page.cached()).toContain(secret)
  expect(page.cached()).toContain(`${secret}, late`)
  expect(page.cached()).toContain('the news')
})

it('the copy of another session brings only what is public, though the token was replaced while the app was closed', async () => {
  const { server, ofBob } = await leaveCopy()
  localStorage.setItem('token', ofBob.token)
  const page = open(server)
  page.restore()
  await page.startRestoring()
  expect(page.cached()).not.toContain('ada')
  expect(page.cached()).toContain('the news')
  await vi.waitFor(() =>
    expect(page.client.getState()).toMatchObject({ status: 'signed-in', user: ofBob.user }),
  )
  expect(page.cached()).not.toContain('ada')
})

it.each(['before', 'after'])(
  'a copy of another session that a module asks for, and which comes %s the client is mounted, brings only what is public',
  async (when) => {
    const { server, ofBob } = await leaveCopy()
    localStorage.setItem('token', ofBob.token)
    const page = load(server)
    const restoring = page.startRestoring()
    if (when === 'before') {
      page.restore()
      await restoring
    }
    page.mount()
    page.restore()
    await restoring
    expect(page.cached()).not.toContain('ada')
    expect(page.cached()).toContain('the news')
    await vi.waitFor(() =>
      expect(page.client.getState()).toMatchObject({ status: 'signed-in', user: ofBob.user }),
    )
  },
)

it.each(['login', 'setSession'] as const)(
  'a copy that comes late, after a %s, brings only what is public',
  async (how) => {
    const { server, ofBob } = await leaveCopy()
    const page = open(server)
    const restoring = page.startRestoring()
    if (how === 'login') await page.client.login(bob)
    else page.client.setSession(ofBob)
    page.restore()
    await restoring
    expect(page.cached()).not.toContain('private')
    expect(page.cached()).not.toContain(ada.email)
    expect(page.cached()).toContain('the news')
  },
)

it('a copy that is restored while nobody is signed in is removed, but for what is public', async () => {
  const { server } = await leaveCopy()
  localStorage.removeItem('token')
  const page = open(server)
  page.restore()
  await page.startRestoring()
  expect(page.cached()).not.toContain('ada')
  expect(page.cached()).toContain('the news')
  expect(localStorage.getItem(key)).toBeNull()
})

it('a copy that does not say whose it is brings only what is public', async () => {
  const { server } = await leaveCopy()
  const copy = JSON.parse(localStorage.getItem(key) ?? '') as object
  localStorage.setItem(key, JSON.stringify({ ...copy, sessions: undefined }))
  const page = open(server)
  page.restore()
  await page.startRestoring()
  expect(page.cached()).not.toContain('private')
  expect(page.cached()).toContain('the news')
})

it('tabs with a session each over one persister take nothing of each other’s', async () => {
  const { server, ofBob } = await leaveCopy()
  sessionStorage.setItem('token', ofBob.token)
  const page = open(server, webStorage('session'))
  page.restore()
  await page.startRestoring()
  expect(page.cached()).not.toContain('private')
  await page.save()
  const copy = localStorage.getItem(key)
  sessionStorage.setItem('token', server.issue(ada.email).token)
  const other = open(server, webStorage('session'))
  other.restore()
  await other.startRestoring()
  expect(other.cached()).not.toContain(bob.email)
  expect(copy).toContain('sessions')
})

it('the user of another session’s copy is private, whatever `isPublic` says', async () => {
  const { server, ofBob } = await leaveCopy()
  localStorage.setItem('token', ofBob.token)
  const page = open(server, webStorage('local'), () => true)
  page.restore()
  await page.startRestoring()
  expect(page.cached()).not.toContain(ada.email)
})
