import { MutationObserver, onlineManager, QueryClient } from '@tanstack/react-query'
import { describe, expect, it, vi } from 'vitest'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, type Credentials } from '../support/renderApp.tsx'

const start = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, queryClient: new QueryClient(), ...options })
  app.client.setSession(server.issue(bob.email))
  const answered = deferred()
  for (const route of ['POST /api/auth/login', 'POST /api/auth/register']) {
    server.answer(route, async (response, request) => {
      await answered.promise
      answers.json(server.issue(ada.email))(response, request)
    })
  }
  const reject = async () => {
    server.sessions.delete(app.client.getState().token ?? '')
    await expect(app.client.api('notes')).rejects.toMatchObject({ reason: 'rejected' })
    expect(app.client.getState().status).toBe('signed-out')
  }
  return { server, answer: answered.resolve, reject, ...app }
}

describe.each(['login', 'register'] as const)('a mutation that calls %s', (name) => {
  const route = `POST /api/auth/${name}`

  it('goes on, with its callbacks, when the API rejects the token that it is about to replace', async () => {
    const { client, queryClient, server, answer, reject } = await start()
    const onSuccess = vi.fn()
    const observer = new MutationObserver(queryClient, { mutationFn: client[name], onSuccess })
    const result = observer.mutate(ada)
    await vi.waitFor(() => expect(server.received(route)).toHaveLength(1))
    await reject()
    answer()
    const { token } = await result
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    expect(onSuccess).toHaveBeenCalledOnce()
  })

  it.each([true, false])(
    'by a function of its own goes on as one, with its callbacks and without its password (somebody is signed in: %s)',
    async (isSignedIn) => {
      const { client, queryClient, answer } = await start()
      if (!isSignedIn) await client.logout()
      client.mount()
      answer()
      const onSuccess = vi.fn()
      const mutationFn = async (credentials: Credentials) => (await client[name](credentials)).user
      const observer = new MutationObserver(queryClient, { mutationFn, onSuccess })
      const stop = observer.subscribe(() => {})
      expect(await observer.mutate(ada)).toMatchObject({ email: ada.email })
      expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: ada.email } })
      expect(onSuccess).toHaveBeenCalledOnce()
      expect(observer.getCurrentResult()).toMatchObject({ status: 'success', variables: undefined })
      stop()
      await client.logout()
      expect(observer.getCurrentResult().data).toBeUndefined()
      client.unmount()
    },
  )

  it('by a function of its own is outdated by a logout, once, and may be tried again', async () => {
    const { client, queryClient, server, answer } = await start()
    client.mount()
    const onError = vi.fn()
    const mutationFn = (credentials: Credentials) => client[name](credentials)
    const observer = new MutationObserver(queryClient, { mutationFn, onError })
    const result = observer.mutate(ada).catch((error: unknown) => error)
    await vi.waitFor(() => expect(server.received(route)).toHaveLength(1))
    await client.logout()
    answer()
    expect(await result).toMatchObject({ name: 'SessionEndedError', reason: 'logout' })
    expect(onError).toHaveBeenCalledOnce()
    expect(client.getState().status).toBe('signed-out')
    expect(await observer.mutate(ada)).toMatchObject({ user: { email: ada.email } })
    expect(client.getState().status).toBe('signed-in')
    client.unmount()
  })

  it('goes on, although it still waits in onMutate, when the API rejects the token', async () => {
    const { client, queryClient, answer, reject } = await start()
    const mutated = deferred()
    const observer = new MutationObserver(queryClient, {
      mutationFn: client[name],
      onMutate: () => mutated.promise,
    })
    const result = observer.mutate(ada)
    await reject()
    answer()
    mutated.resolve()
    const { token } = await result
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('asks for one login, although TanStack says more than once that it is under way', async () => {
    const { client, queryClient, server, answer } = await start()
    const told: unknown[] = []
    const channel = new BroadcastChannel(`signoff:${server.baseUrl}/:token`)
    const heard = deferred()
    channel.addEventListener('message', ({ data }) => {
      told.push((data as { act?: string }).act)
      if (told.includes('end')) heard.resolve()
    })
    const onMutate = () => ({ snapshot: 1 })
    const result = new MutationObserver(queryClient, { mutationFn: client[name], onMutate }).mutate(ada)
    await vi.waitFor(() => expect(server.received(route)).toHaveLength(1))
    answer()
    await result
    await heard.promise
    expect(told.filter((act) => act === 'login')).toHaveLength(1)
    channel.close()
  })

  it('hears in its callbacks, once, of the logout that has outdated it under way', async () => {
    const { client, queryClient, server, answer } = await start()
    const callbacks = { onSuccess: vi.fn(), onError: vi.fn(), onSettled: vi.fn() }
    const callCallbacks = { onSuccess: vi.fn(), onError: vi.fn(), onSettled: vi.fn() }
    const observer = new MutationObserver(queryClient, { mutationFn: client[name], ...callbacks })
    const stop = observer.subscribe(() => {})
    const settled = observer.mutate(ada, callCallbacks).catch((error: unknown) => error)
    await vi.waitFor(() => expect(server.received(route)).toHaveLength(1))
    void client.logout()
    answer()
    const error = await settled
    expect(error).toMatchObject({ name: 'SessionEndedError', reason: 'logout' })
    await vi.waitFor(() => expect(callCallbacks.onSettled).toHaveBeenCalled())
    for (const { onSuccess, onError, onSettled } of [callbacks, callCallbacks]) {
      expect(onSuccess).not.toHaveBeenCalled()
      expect(onError).toHaveBeenCalledOnce()
      expect(onError.mock.calls[0]?.[0]).toBe(error)
      expect(onSettled).toHaveBeenCalledOnce()
    }
    expect(observer.getCurrentResult()).toMatchObject({ status: 'error', variables: undefined })
    stop()
  })

  it('runs the callbacks of its call once', async () => {
    const { client, queryClient, answer } = await start()
    const callbacks = { onSuccess: vi.fn(), onError: vi.fn(), onSettled: vi.fn() }
    const observer = new MutationObserver(queryClient, { mutationFn: client[name] })
    const stop = observer.subscribe(() => {})
    const result = observer.mutate(ada, callbacks)
    answer()
    await result
    await vi.waitFor(() => expect(callbacks.onSettled).toHaveBeenCalled())
    expect(callbacks.onSuccess).toHaveBeenCalledOnce()
    expect(callbacks.onSettled).toHaveBeenCalledOnce()
    expect(callbacks.onError).not.toHaveBeenCalled()
    stop()
  })

  it('is forgotten, where its own onSuccess still waits, when the API rejects the token it brought', async () => {
    const { client, queryClient, answer, reject } = await start()
    const waiting = vi.fn(() => new Promise<void>(() => {}))
    const observer = new MutationObserver(queryClient, { mutationFn: client[name], onSuccess: waiting })
    void observer.mutate(ada)
    answer()
    await vi.waitFor(() => expect(waiting).toHaveBeenCalledOnce())
    await reject()
    expect(queryClient.getMutationCache().getAll()).toEqual([])
    expect(observer.getCurrentResult()).toMatchObject({ status: 'idle', variables: undefined })
  })

  it('is not sent after a logout, where it is public and still waits in onMutate', async () => {
    const { client, queryClient, server, answer } = await start({ isPublic: () => true })
    const mutated = deferred()
    const observer = new MutationObserver(queryClient, {
      mutationFn: client[name],
      onMutate: () => mutated.promise,
    })
    const settled = observer.mutate(ada).catch((error: unknown) => error)
    await client.logout()
    answer()
    mutated.resolve()
    expect(await settled).toMatchObject({ name: 'SessionEndedError', reason: 'logout' })
    expect(server.received(route)).toEqual([])
  })

  it('that failed holds its error no longer than until the session ends', async () => {
    const { client, queryClient, server, reject } = await start()
    server.answer(route, answers.json({ message: 'Try ada@example.com' }, 422))
    const observer = new MutationObserver(queryClient, { mutationFn: client[name] })
    const stop = observer.subscribe(() => {})
    await expect(observer.mutate(ada)).rejects.toMatchObject({ message: 'Try ada@example.com' })
    await reject()
    expect(observer.getCurrentResult()).toMatchObject({ status: 'idle', error: null })
    expect(queryClient.getMutationCache().getAll()).toEqual([])
    stop()
  })

  it('leaves the cache, user and token with it, where its observer has gone while it ran', async () => {
    const { client, queryClient, server, answer } = await start()
    const observer = new MutationObserver(queryClient, { mutationFn: client[name] })
    const result = observer.mutate(ada)
    await vi.waitFor(() => expect(server.received(route)).toHaveLength(1))
    observer.reset()
    answer()
    await result
    expect(queryClient.getMutationCache().getAll()).toEqual([])
  })

  it('is one call, although its options are given again before its retry', async () => {
    const { client, queryClient, server } = await start()
    await client.logout()
    server.answer(route, answers.status(422))
    const waiting = deferred()
    const options = { mutationFn: client[name], networkMode: 'always' as const }
    const observer = new MutationObserver(queryClient, {
      ...options,
      retry: 1,
      retryDelay: () => {
        waiting.resolve()
        return 50
      },
    })
    const settled = observer.mutate(ada).catch((error: unknown) => error)
    await waiting.promise
    observer.setOptions(options)
    const next = server.issue(bob.email)
    client.setSession(next)
    server.answer(route, answers.json(server.issue(ada.email)))
    expect(await settled).toMatchObject({ name: 'SessionEndedError', reason: 'replaced' })
    expect(client.getState().token).toBe(next.token)
    expect(server.received(route)).toHaveLength(1)
  })

  it('is as old as its call, however long it waits in onMutate', async () => {
    const { client, queryClient, server, answer } = await start()
    await client.logout()
    const mutated = deferred()
    const observer = new MutationObserver(queryClient, {
      mutationFn: client[name],
      onMutate: () => mutated.promise,
    })
    const settled = observer.mutate(ada).catch((error: unknown) => error)
    const next = server.issue(bob.email)
    client.setSession(next)
    answer()
    mutated.resolve()
    expect(await settled).toMatchObject({ name: 'SessionEndedError', reason: 'replaced' })
    expect(client.getState().token).toBe(next.token)
  })
})

it.each(['login', 'logout'] as const)(
  'lets go of a %s that is answered after the app has left the screen',
  async (name) => {
    const { server, client, queryClient, answer } = await start()
    const unmount = client.mount()
    server.answer('POST /api/auth/logout', async (response, request) => {
      await answered.promise
      answers.json({})(response, request)
    })
    const answered = deferred()
    const mutationFn = client[name] as (credentials: Credentials) => Promise<unknown>
    const observer = new MutationObserver(queryClient, { mutationFn })
    const leave = observer.subscribe(() => {})
    const done = observer.mutate(ada)
    await vi.waitFor(() => expect(server.received(`POST /api/auth/${name}`)).toHaveLength(1))
    leave()
    unmount()
    answer()
    answered.resolve()
    await done
    await vi.waitFor(() => expect(queryClient.getMutationCache().getAll()).toEqual([]))
  },
)

it('settles, with its callbacks, for a logout of the app’s own while the browser is offline', async () => {
  const { client, queryClient, server } = await start()
  const { token } = client.getState()
  server.answer('POST /api/auth/logout', answers.reset)
  onlineManager.setOnline(false)
  const onSuccess = vi.fn()
  await new MutationObserver(queryClient, { mutationFn: client.logout, onSuccess }).mutate(undefined)
  onlineManager.setOnline(true)
  expect(onSuccess.mock.lastCall?.[0]).toMatchObject({ token, error: { code: 'network' } })
})

it('is not sent for a login that another tab’s logout has outdated while it waited in onMutate', async () => {
  const { client, queryClient, server } = await start()
  const unmount = client.mount()
  const waiting = deferred()
  const options = { mutationFn: client.login, onMutate: () => waiting.promise }
  const login = new MutationObserver(queryClient, options).mutate(ada)
  const other = makeClient({ baseUrl: server.baseUrl })
  other.client.mount()
  await other.client.logout()
  await vi.waitFor(() => expect(client.getState().status).toBe('signed-out'))
  waiting.resolve()
  await expect(login).rejects.toMatchObject({ name: 'SessionEndedError' })
  expect(server.received('POST /api/auth/login')).toEqual([])
  other.client.unmount()
  unmount()
})
