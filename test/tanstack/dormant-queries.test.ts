import { dehydrate, hydrate, QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { deferred } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

afterEach(() => vi.useRealTimers())

const secret = 'private note of ada@example.com'
const queryKey = ['notes']
const session = (email: string) => ({ token: `token-of-${email}`, user: { id: email, email } })

/** A client that is signed in, and whose API confirms all. */
const start = () => {
  const queryClient = new QueryClient()
  const storage = memoryStorage()
  const fetch = async () => Response.json({})
  const app = makeClient({ baseUrl: 'https://api.example.com', queryClient, storage, fetch })
  app.client.setSession(session(ada.email))
  return app
}

/** A query that an observer shows. */
const observe = async (queryClient: QueryClient, options: object = {}) => {
  const queryFn = vi.fn(async () => secret)
  const observer = new QueryObserver<string>(queryClient, { queryKey, queryFn, ...options })
  const listener = vi.fn()
  const stop = observer.subscribe(listener)
  await vi.waitFor(() => expect(observer.getCurrentResult().isFetching).toBe(false))
  return { observer, queryFn, listener, stop }
}

it('an observer hears once that its query is blank, and asks nobody', async () => {
  const { client, queryClient } = start()
  const { observer, queryFn, listener, stop } = await observe(queryClient, { staleTime: 0 })
  const calls = queryFn.mock.calls.length
  await vi.waitFor(() => expect(listener).toHaveBeenLastCalledWith(observer.getCurrentResult()))
  listener.mockClear()
  await client.logout()
  expect(listener).toHaveBeenCalledOnce()
  expect(listener.mock.calls[0]?.[0]).toMatchObject({
    status: 'pending',
    fetchStatus: 'idle',
    data: undefined,
  })
  expect(queryFn).toHaveBeenCalledTimes(calls)
  stop()
})

it('an observer that names the properties it is told of hears of the blank query too', async () => {
  const { client, queryClient } = start()
  const options = { notifyOnChangeProps: ['error'] }
  const { listener, stop } = await observe(queryClient, options)
  listener.mockClear()
  void client.logout()
  expect(listener).toHaveBeenCalledOnce()
  stop()
})

it('an observer keeps its own options, through the logout and into the next session', async () => {
  const { client, queryClient } = start()
  const select = (note: string) => note.toUpperCase()
  const { observer, queryFn, stop } = await observe(queryClient, { select })
  const { options } = observer
  void client.logout()
  expect(observer.options).toBe(options)
  queryFn.mockImplementation(async () => 'of bob')
  client.setSession(session(bob.email))
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('OF BOB'))
  stop()
})

it('nothing is written into the query that an observer shows while nobody is signed in', async () => {
  const { client, queryClient } = start()
  const { observer, stop } = await observe(queryClient)
  const copy = dehydrate(queryClient)
  void client.logout()
  const blank = queryClient.getQueryState(queryKey)
  queryClient.setQueryData(queryKey, secret)
  hydrate(queryClient, copy)
  queryClient.getQueryCache().find({ queryKey })?.setState({ data: secret, status: 'success' })
  const second = new QueryObserver(queryClient, { queryKey, initialData: secret, staleTime: Infinity })
  const stopSecond = second.subscribe(() => {})
  await Promise.resolve()
  expect(queryClient.getQueryState(queryKey)).toEqual(blank)
  expect(observer.getCurrentResult()).toMatchObject({ status: 'pending', data: undefined })
  expect(JSON.stringify(dehydrate(queryClient))).not.toContain(secret)
  stopSecond()
  stop()
})

it('an observer fetches for the next user, although another of the same query has gone before', async () => {
  const { client, queryClient } = start()
  const first = await observe(queryClient)
  const { observer, queryFn, stop } = await observe(queryClient)
  void client.logout()
  first.stop()
  queryFn.mockImplementation(async () => 'of bob')
  client.setSession(session(bob.email))
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('of bob'))
  stop()
})

it('nothing is left of a query in the cache when its last observer goes while nobody is signed in', async () => {
  const { client, queryClient } = start()
  const { stop } = await observe(queryClient)
  void client.logout()
  stop()
  expect(queryClient.getQueryCache().getAll()).toEqual([])
})

it('who writes into a query that components show while nobody is signed in gets back what was written', async () => {
  const { client, queryClient } = start()
  const { observer, stop } = await observe(queryClient)
  void client.logout()
  expect(queryClient.setQueryData(queryKey, 'written')).toBe('written')
  expect(observer.getCurrentResult().data).toBeUndefined()
  stop()
})

it('what a component brings along as initial data stays while nobody is signed in', async () => {
  const { client, queryClient } = start()
  await client.logout()
  const options = { initialData: 'its own', staleTime: Infinity }
  const { observer, stop } = await observe(queryClient, options)
  await Promise.resolve()
  expect(observer.getCurrentResult().data).toBe('its own')
  expect(queryClient.getQueryData(queryKey)).toBe('its own')
  stop()
})

it('no timer holds a query whose answer comes after the logout', async () => {
  vi.useFakeTimers()
  const { client, queryClient } = start()
  const answer = deferred<string>()
  queryClient.fetchQuery({ queryKey, queryFn: () => answer.promise }).catch(() => {})
  await client.logout()
  answer.resolve(secret)
  await vi.advanceTimersByTimeAsync(1)
  expect(vi.getTimerCount()).toBe(0)
})

it('a subscriber of the cache hears nothing of observers while the cache forgets', async () => {
  const { client, queryClient } = start()
  const { stop } = await observe(queryClient)
  const types: string[] = []
  const stopListening = queryClient.getQueryCache().subscribe(({ type }) => void types.push(type))
  void client.logout()
  expect(types).toContain('removed')
  expect(types.filter((type) => type.startsWith('observer'))).toEqual([])
  stopListening()
  stop()
})

it('an observer’s own initial data is not shown again while nobody is signed in', async () => {
  const { client, queryClient } = start()
  const options = { initialData: secret, staleTime: Infinity }
  const { observer, stop } = await observe(queryClient, options)
  expect(observer.getCurrentResult().data).toBe(secret)
  void client.logout()
  expect(observer.getCurrentResult().data).toBeUndefined()
  expect(queryClient.getQueryData(queryKey)).toBeUndefined()
  stop()
})

it('no timer holds a query whose last observer goes while nobody is signed in', async () => {
  const { client, queryClient } = start()
  const { stop } = await observe(queryClient)
  vi.useFakeTimers()
  await client.logout()
  stop()
  await vi.advanceTimersByTimeAsync(1)
  expect(vi.getTimerCount()).toBe(0)
})
