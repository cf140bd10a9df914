import { MutationCache, notifyManager, QueryClient, useMutation, useQuery } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import { memo, useState } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import {
  AuthProvider,
  createAuthClient,
  memoryStorage,
  SessionEndedError,
  SignedIn,
  useUser,
  webStorage,
} from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

/** Tells the tab itself of what it writes, as patches of `Storage.prototype.setItem` do. */
const noisyStorage = () => {
  const storage = webStorage('local')
  return {
    ...storage,
    set: (token: string) => {
      storage.set(token)
      window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
    },
  }
}

const signedIn = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, ...options })
  const unmount = app.client.mount()
  afterEach(unmount)
  const session = await app.client.login(ada)
  return { server, ...app, ...session }
}

it('a storage that tells its own tab of a write begins one session, which ends for good', async () => {
  const { server, client } = await signedIn({ storage: noisyStorage() })
  const { api, signal } = client.getSession()
  await client.logout()
  const session = await client.login(bob)
  expect(signal.aborted).toBe(true)
  await expect(api('notes')).rejects.toEqual(new SessionEndedError('logout'))
  expect(client.getState().token).toBe(session.token)
  expect(server.received('GET /api/notes')).toEqual([])
})

it('a session that begins in the middle of another one’s beginning leaves no handle that speaks for the next user', async () => {
  const { server, client, queryClient } = await signedIn()
  let guest: ReturnType<typeof client.getSession> | undefined
  client.getSignal().addEventListener('abort', () => {
    client.setSession(server.issue('guest@example.com'))
    guest = client.getSession()
  })
  const { token } = await client.login(bob)
  expect(client.getState().token).toBe(token)
  expect(guest?.signal.aborted).toBe(true)
  await expect(guest?.api('notes')).rejects.toThrow(SessionEndedError)
  expect(server.received('GET /api/notes')).toEqual([])
  queryClient.clear()
})

it.each(['focus', 'storage', 'pageshow'])(
  'a %s event in the middle of a logout brings nobody back',
  async (event) => {
    const { server, client, token } = await signedIn()
    client.getSignal().addEventListener('abort', () => window.dispatchEvent(new Event(event)))
    const result = await client.logout()
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
    expect(localStorage.getItem('token')).toBeNull()
    expect(result).toMatchObject({ token, revoked: true })
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  },
)

it('a listener that throws in TanStack’s own queue keeps no page of the user on screen', async () => {
  const { server, ...app } = await signedIn()
  const fail = () => {
    throw new Error('boom')
  }
  // In front of all that the forgotten queries tell.
  app.client.getSignal().addEventListener('abort', () => notifyManager.schedule(fail))
  const Notes = memo(() => {
    const { data } = useQuery({
      queryKey: ['notes'],
      queryFn: () => app.client.api('notes').json<string[]>(),
    })
    return <p>{data}</p>
  })
  renderApp(app, <Notes />)
  await screen.findByText(`private note of ${ada.email}`)
  await act(() => app.client.logout())
  expect(document.body.textContent).toBe('')
  expect(vi.mocked(console.warn).mock.calls).toEqual([
    ['signoff: this failed, and stopped nothing:', new Error('boom')],
  ])
  vi.mocked(console.warn).mockClear()
  expect(server.received('POST /api/auth/logout')).toHaveLength(1)
})

it('a callback of the mutation cache hears of no mutation of the user, also when the page has gone meanwhile', async () => {
  const server = await startApiServer()
  const onSuccess = vi.fn()
  const mutationCache = new MutationCache({ onSuccess })
  const app = makeClient({ baseUrl: server.baseUrl, queryClient: new QueryClient({ mutationCache }) })
  await app.client.login(ada)
  const { promise, resolve } = deferred<string>()
  let save!: () => void
  const Form = () => {
    const { mutate } = useMutation({ mutationFn: () => promise })
    save = mutate
    return null
  }
  const { unmount } = renderApp(app, <Form />)
  act(() => save())
  await waitFor(() => expect(app.queryClient.isMutating()).toBe(1))
  await act(() => app.client.logout())
  onSuccess.mockClear()
  unmount()
  resolve('diary entry of ada')
  await promise
  await act(async () => {})
  expect(onSuccess).not.toHaveBeenCalled()
  const { config } = mutationCache
  await waitFor(() =>
    expect(Object.getOwnPropertyDescriptor(mutationCache, 'config')).toHaveProperty('value'),
  )
  expect(config.onSuccess).toBeTypeOf('function')
})

it('the end of another client’s session, heard through a signal or a fetch, is no rejection by this one’s API', async () => {
  const { server, client } = await signedIn()
  const queryClient = new QueryClient()
  const other = createAuthClient({ baseUrl: server.baseUrl, queryClient, storage: memoryStorage() })
  other.setSession(server.issue(bob.email))
  server.answer('GET /api/slow', answers.never)
  const waiting = client.api('slow', { signal: other.getSignal() })
  const failing = client.api('notes', { fetch: () => Promise.reject(new SessionEndedError('rejected')) })
  await expect(failing).rejects.toThrow(SessionEndedError)
  void other.logout()
  await expect(waiting).rejects.toThrow(SessionEndedError)
  expect(client.getState().status).toBe('signed-in')
  queryClient.clear()
})

it('a page below another client keeps nothing that a component has copied of the first one’s user', async () => {
  const { server, client } = await signedIn()
  const { client: next } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
  next.setSession(server.issue(bob.email))
  const Draft = () => {
    const user = useUser()
    const [draft] = useState(`draft of ${String(user?.email)}`)
    return draft
  }
  const page = (
    <SignedIn>
      <Draft />
    </SignedIn>
  )
  const view = render(<AuthProvider client={client}>{page}</AuthProvider>)
  expect(document.body.textContent).toBe(`draft of ${ada.email}`)
  view.rerender(<AuthProvider client={next}>{page}</AuthProvider>)
  expect(document.body.textContent).toBe(`draft of ${bob.email}`)
})

it('a logout in an abort listener, while a login replaces the session, ends the new one', async () => {
  const { server, client } = await signedIn()
  let result: Promise<unknown> | undefined
  client.getSignal().addEventListener('abort', () => {
    result = client.logout()
  })
  const session = server.issue(bob.email)
  client.setSession(session)
  expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
  expect(await result).toMatchObject({ token: session.token, revoked: true })
  await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([]))
})
