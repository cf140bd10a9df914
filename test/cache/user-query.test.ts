// @vitest-environment node
import { dehydrate, hydrate, QueryClient } from '@tanstack/react-query'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

afterEach(() => vi.useRealTimers())

/** A client that finds a token which an earlier visit has stored. */
const returning = (answer: () => Promise<Response>) => {
  const storage = memoryStorage()
  storage.set('token-of-ada')
  const queryClient = new QueryClient()
  const fetch = vi.fn(answer)
  return {
    storage,
    fetch,
    ...makeClient({ baseUrl: 'https://api.example.com', queryClient, storage, fetch }),
  }
}

describe('userOptions', () => {
  it('ask three times more when the API fails, then reject', async () => {
    vi.useFakeTimers()
    const { client, queryClient, fetch } = returning(async () => new Response(null, { status: 422 }))
    const failed = queryClient.ensureQueryData(client.userOptions).catch((error: unknown) => error)
    await vi.runAllTimersAsync()
    expect(await failed).toMatchObject({ name: 'RequestError', status: 422 })
    expect(fetch).toHaveBeenCalledTimes(4)
    expect(client.getState().status).toBe('restoring')
  })

  it('reject when the API refuses the token, although an older query is still under way', async () => {
    const { client, queryClient } = returning(async () => new Response(null, { status: 401 }))
    queryClient.fetchQuery({ queryKey: ['older'], queryFn: () => new Promise(() => {}) }).catch(() => {})
    const error = await queryClient.ensureQueryData(client.userOptions).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'SessionEndedError', reason: 'rejected' })
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-out'))
  })
})

describe('a client that nobody mounted', () => {
  it('observes no query when a session begins', async () => {
    const server = await startApiServer()
    const { client, queryClient } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
    await client.login(ada)
    const [query] = queryClient.getQueryCache().getAll()
    expect(query?.state.data).toEqual(client.getState().user)
    expect(query?.getObserversCount()).toBe(0)
  })

  it('signs nobody in without a token when an app has a user in the cache', () => {
    const queryClient = new QueryClient()
    const storage = memoryStorage()
    const { client } = makeClient({ baseUrl: 'https://api.example.com', queryClient, storage })
    queryClient.setQueryData(client.userOptions.queryKey, { id: '1', email: ada.email })
    expect(client.getState()).toEqual({ status: 'signed-out', user: null, token: null, reason: null })
  })
})

it('mounted while nobody is signed in, a client observes no query', async () => {
  const queryClient = new QueryClient()
  const fetch = vi.fn(async () => Response.json({}))
  const storage = memoryStorage()
  const { client } = makeClient({ baseUrl: 'https://api.example.com', queryClient, storage, fetch })
  client.mount()
  expect(queryClient.getQueryCache().getAll()).toEqual([])
  client.unmount()
})

it.each([
  ['starts with `signoff`', ['signoff', 'notes']],
  ['holds the address of the API', ['notes', 'https://api.example.com/']],
])('a public query of the app whose key %s is kept', async (_name, queryKey) => {
  const { client, queryClient } = returning(async () => Response.json({}))
  queryClient.setQueryDefaults(queryKey, { meta: { public: true } })
  queryClient.setQueryData(queryKey, 'public news')
  await client.logout()
  expect(queryClient.getQueryData(queryKey)).toBe('public news')
})

it('the user query is forgotten, even where `isPublic` says that all is public', async () => {
  const server = await startApiServer()
  const storage = memoryStorage()
  const { client, queryClient } = makeClient({ baseUrl: server.baseUrl, storage, isPublic: () => true })
  await client.login(ada)
  await client.logout()
  expect(queryClient.getQueryCache().getAll()).toEqual([])
})

it('the user is asked of the API and kept by no persister, whatever the app’s defaults say', async () => {
  const server = await startApiServer()
  const persister = vi.fn(async () => ({ id: '1', email: 'other@example.com' }))
  const queryClient = new QueryClient({ defaultOptions: { queries: { persister } } })
  const storage = memoryStorage()
  storage.set(server.issue(ada.email).token)
  const { client } = makeClient({ baseUrl: server.baseUrl, queryClient, storage })
  const unmount = client.mount()
  await vi.waitFor(() => expect(client.getState().user).toMatchObject({ email: ada.email }))
  await queryClient.fetchQuery(client.userOptions)
  expect(client.getState().user).toMatchObject({ email: ada.email })
  expect(persister).not.toHaveBeenCalled()
  unmount()
})

it.each(['written by hand', 'brought by a page that was rendered before'])(
  'another user who is %s is refused, and the API is asked',
  async (how) => {
    const server = await startApiServer()
    const storage = memoryStorage()
    const { client, queryClient } = makeClient({ baseUrl: server.baseUrl, storage })
    const unmount = client.mount()
    const { user: before } = server.issue(ada.email)
    client.setSession(server.issue(bob.email))
    queryClient.setQueryData(['draft'], 'of bob')
    const { queryKey } = client.userOptions
    if (how === 'written by hand') queryClient.setQueryData(queryKey, before)
    else {
      const remote = new QueryClient()
      remote.setQueryData(queryKey, before, { updatedAt: Date.now() + 1000 })
      hydrate(queryClient, dehydrate(remote))
    }
    expect(client.getState().user).toMatchObject({ email: bob.email })
    await vi.waitFor(() => expect(queryClient.getQueryData(queryKey)).toMatchObject({ email: bob.email }))
    expect(client.getState().user).toMatchObject({ email: bob.email })
    expect(queryClient.getQueryData(['draft'])).toBe('of bob')
    expect(server.received('GET /api/auth/user')).toHaveLength(1)
    unmount()
  },
)
it('a user who is hydrated after somebody has subscribed, and before the client is mounted, is signed in without a request', async () => {
  const server = await startApiServer()
  const { user, token } = server.issue(ada.email)
  const storage = memoryStorage()
  storage.set(token)
  const { client, queryClient } = makeClient({ baseUrl: server.baseUrl, storage })
  const ofServer = new QueryClient()
  ofServer.setQueryData(client.userOptions.queryKey, user)
  const onChange = vi.fn()
  client.subscribe(onChange)
  expect(client.getState().status).toBe('restoring')
  hydrate(queryClient, dehydrate(ofServer))
  expect(client.getState()).toEqual({ status: 'signed-in', user, token })
  expect(onChange).toHaveBeenCalledOnce()
  client.mount()
  expect(client.getState().status).toBe('signed-in')
  client.unmount()
  expect(server.requests).toEqual([])
})
