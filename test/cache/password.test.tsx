import { inspect } from 'node:util'
import { dehydrate, focusManager, MutationObserver, QueryClient, useMutation } from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isSessionEndedError, useLogin, useRegister } from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, queryClient: new QueryClient() })
  app.queryClient.mount()
  const unmount = app.client.mount()
  onTestFinished(() => {
    window.dispatchEvent(new Event('online'))
    unmount()
    app.queryClient.unmount()
  })
  /** All that the mutation cache holds and would write out, and whatever else is given. */
  const dump = (...more: unknown[]) =>
    inspect(
      [
        app.queryClient.getMutationCache().getAll(),
        JSON.stringify(dehydrate(app.queryClient, { shouldDehydrateMutation: () => true })),
        ...more,
      ],
      { depth: 9, showHidden: true },
    )
  return { server, ...app, dump }
}

describe.each(['login', 'register'] as const)('the password of authClient.%s', (name) => {
  it.each(['success', 'failure'])('is in no mutation of the app’s own after %s', async (outcome) => {
    const { server, client, queryClient, dump } = await start()
    if (outcome === 'failure') server.answer(`POST /api/auth/${name}`, answers.json({ sent: ada }, 401))
    const observer = new MutationObserver(queryClient, { mutationFn: client[name] })
    const results: unknown[] = []
    const stop = observer.subscribe((result) => results.push(result))
    const settled = observer.mutate(ada).then(
      () => 'success',
      () => 'failure',
    )
    expect(dump()).toContain(ada.password)
    expect(await settled).toBe(outcome)
    expect(dump(observer.getCurrentResult(), results.at(-1))).not.toContain(ada.password)
    stop()
  })

  it('is in no mutation after the component has gone while it ran', async () => {
    const { server, client, queryClient, dump } = await start()
    const answered = deferred()
    const route = `POST /api/auth/${name}`
    server.answer(route, async (response) => {
      await answered.promise
      answers.json({ user: { id: '1', email: ada.email }, token: 'token' })(response, undefined as never)
    })
    const useIt = name === 'login' ? useLogin : useRegister
    const Form = () => {
      const { mutate } = useIt()
      return <button onClick={() => mutate(ada)}>Enter</button>
    }
    const Own = () => {
      const { mutate } = useMutation({ mutationFn: client[name] })
      return <button onClick={() => mutate(bob)}>Own</button>
    }
    const view = renderApp(
      { client, queryClient },
      <>
        <Form />
        <Own />
      </>,
    )
    act(() => screen.getByText('Enter').click())
    act(() => screen.getByText('Own').click())
    await waitFor(() => expect(server.received(route)).toHaveLength(2))
    view.unmount()
    answered.resolve()
    await waitFor(() => expect(client.getState().status).toBe('signed-in'))
    await waitFor(() => expect(dump()).not.toContain(ada.password))
    await waitFor(() => expect(dump()).not.toContain(bob.password))
  })

  it('is not held while a retry waits for the page to be seen, and written down by no persister', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    onTestFinished(() => focusManager.setFocused(undefined))
    const { server, client, queryClient, dump } = await start()
    server.answer(`POST /api/auth/${name}`, answers.json({ message: 'Try later' }, 500))
    const options = { mutationFn: client[name], retry: 1, retryDelay: 60_000 }
    const observer = new MutationObserver(queryClient, options)
    const settled = vi.fn()
    observer.mutate(ada).then(settled, settled)
    await vi.waitFor(() => expect(queryClient.getMutationCache().getAll()[0]?.state.failureCount).toBe(1))
    expect(dump()).toContain(ada.password)
    focusManager.setFocused(false)
    await vi.advanceTimersByTimeAsync(60_000)
    await vi.waitFor(() => expect(queryClient.getMutationCache().getAll()[0]?.state.isPaused).toBe(true))
    expect(dump(dehydrate(queryClient))).not.toContain(ada.password)

    server.answer(`POST /api/auth/${name}`, answers.json(server.issue(ada.email)))
    focusManager.setFocused(true)
    await vi.waitFor(() => expect(settled).toHaveBeenCalledOnce())
    expect(client.getState().status).toBe('signed-in')
    expect(server.received(`POST /api/auth/${name}`).at(-1)?.body).toContain(ada.password)
  })

  it('is gone with a logout while it waits for its retry, which is not sent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { server, client, queryClient, dump } = await start()
    client.setSession(server.issue(bob.email))
    server.answer(`POST /api/auth/${name}`, answers.json({ message: 'Try later' }, 500))
    const options = { mutationFn: client[name], retry: 1, retryDelay: 60_000 }
    const observer = new MutationObserver(queryClient, options)
    const settled = vi.fn()
    observer.mutate(ada).then(settled, settled)
    await vi.waitFor(() => expect(queryClient.getMutationCache().getAll()[0]?.state.failureCount).toBe(1))
    server.answer(`POST /api/auth/${name}`, answers.json(server.issue(ada.email)))

    void client.logout()
    expect(dump(observer.getCurrentResult())).not.toContain(ada.password)
    await vi.advanceTimersByTimeAsync(60_000)
    await vi.waitFor(() => expect(settled).toHaveBeenCalledOnce())

    expect(settled.mock.lastCall?.[0]).toSatisfy(isSessionEndedError)
    expect(server.received(`POST /api/auth/${name}`)).toHaveLength(1)
    expect(client.getState().status).toBe('signed-out')
  })

  it('is gone when a logout outdates it under way', async () => {
    const { server, client, queryClient, dump } = await start()
    client.setSession(server.issue(bob.email))
    const route = `POST /api/auth/${name}`
    const answered = deferred()
    server.answer(route, async (response) => {
      await answered.promise
      answers.json(server.issue(ada.email))(response, undefined as never)
    })
    const observer = new MutationObserver(queryClient, { mutationFn: client[name] })
    const settled = observer.mutate(ada).catch((error: unknown) => error)
    await vi.waitFor(() => expect(server.received(route)).toHaveLength(1))
    void client.logout()
    answered.resolve()
    expect(await settled).toSatisfy(isSessionEndedError)
    expect(dump(observer.getCurrentResult(), await settled)).not.toContain(ada.password)
  })
})

it.each(['login', 'register'] as const)(
  'of a %s that is under way is in no copy of the cache',
  async (name) => {
    const server = await startApiServer()
    const copies: string[] = []
    const persister = {
      persistClient: (copy: object) => void copies.push(JSON.stringify(copy)),
      restoreClient: () => undefined,
      removeClient: () => {},
    }
    const { client, queryClient } = makeClient({
      baseUrl: server.baseUrl,
      queryClient: new QueryClient(),
      persister,
    })
    onTestFinished(client.mount())
    client.setSession(server.issue(bob.email))
    server.answer(`POST /api/auth/${name}`, answers.never)
    const add = (mutationFn: (variables: never) => Promise<unknown>, meta = {}) =>
      new MutationObserver(queryClient, { mutationFn, meta }).mutate(ada as never).catch(() => {})
    void add(client[name])
    // What an app keeps of its own is its own.
    void add(() => new Promise(() => {}), { public: true, name: 'own' })
    const clientState = dehydrate(queryClient, { shouldDehydrateMutation: () => true })
    expect(clientState.mutations).toHaveLength(2)
    persister.persistClient({ timestamp: 1, buster: '', clientState })
    expect(copies.at(-1)).toContain('"own"')
    expect(JSON.parse(copies.at(-1) ?? '')).toMatchObject({
      clientState: { mutations: [{ meta: { name: 'own' } }] },
    })
  },
)
