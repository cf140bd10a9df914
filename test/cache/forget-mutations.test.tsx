import {
  dehydrate,
  MutationCache,
  MutationObserver,
  QueryClient,
  useMutation,
  type UseMutationOptions,
  useQuery,
} from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { isSessionEndedError, useLogout } from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const secret = 'private note'

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  await app.client.login(ada)
  const callbacks = { onSuccess: vi.fn(), onError: vi.fn(), onSettled: vi.fn() }
  const callCallbacks = { onSuccess: vi.fn(), onError: vi.fn(), onSettled: vi.fn() }

  /** Renders a component with the mutation; `mutate()` starts it with the secret and all callbacks. */
  const renderMutation = (options: UseMutationOptions<unknown, Error, string, unknown>) => {
    let mutation!: ReturnType<typeof useMutation<unknown, Error, string, unknown>>
    const Form = () => {
      // Options are new at every render, as in most apps: a running mutation gets them again.
      mutation = useMutation({ ...callbacks, ...options })
      return (
        <p>{`${mutation.status} ${mutation.variables ?? 'nothing'} ${String(mutation.data ?? 'nothing')}`}</p>
      )
    }
    const view = renderApp(app, <Form />)
    return {
      ...view,
      mutate: () => act(() => mutation.mutate(secret, callCallbacks)),
      mutateAsync: () => mutation.mutateAsync(secret),
    }
  }
  const leave = () => act(async () => void (await app.client.logout()))
  const expectSilence = () => {
    for (const callback of [...Object.values(callbacks), ...Object.values(callCallbacks)]) {
      expect(callback).not.toHaveBeenCalled()
    }
  }
  return { server, ...app, renderMutation, leave, expectSilence }
}

describe('a running mutation', () => {
  it.each(['succeeds', 'fails'])('calls no callback when it %s after the logout', async (how) => {
    const { renderMutation, leave, expectSilence, queryClient } = await start()
    const answer = deferred<string>()
    const finished = deferred()
    const { mutate, container } = renderMutation({
      mutationFn: async () => {
        const data = await answer.promise
        queueMicrotask(() => setTimeout(finished.resolve))
        if (how === 'fails') throw new Error(secret)
        return data
      },
    })
    mutate()
    await screen.findByText(`pending ${secret} nothing`)

    await leave()
    expect(container.textContent).toBe('idle nothing nothing')
    expect(queryClient.getMutationCache().getAll()).toEqual([])
    answer.resolve(secret)
    await act(() => finished.promise)

    expectSilence()
    expect(container.textContent).toBe('idle nothing nothing')
  })

  it('is aborted, where it goes through api, and not retried', async () => {
    const { server, client, renderMutation, leave, expectSilence } = await start()
    const closed = deferred()
    server.answer('POST /api/notes', (response) => response.on('close', closed.resolve))
    const mutationFn = vi.fn((text: string) => client.api.post('notes', { json: { text } }).json())
    const { mutate } = renderMutation({ mutationFn, retry: 3, retryDelay: 0 })
    mutate()
    await waitFor(() => expect(server.received('POST /api/notes')).toHaveLength(1))

    await leave()
    await closed.promise
    await act(async () => new Promise((resolve) => setTimeout(resolve, 0)))

    expect(mutationFn).toHaveBeenCalledOnce()
    expect(server.received('POST /api/notes')).toHaveLength(1)
    expectSilence()
  })

  it('rejects with SessionEndedError for who awaits it', async () => {
    const { server, client, renderMutation } = await start()
    server.answer('POST /api/notes', answers.never)
    const { mutateAsync } = renderMutation({
      mutationFn: (text: string) => client.api.post('notes', { json: { text } }).json(),
    })
    let promise!: Promise<unknown>
    act(() => {
      promise = mutateAsync()
    })
    await waitFor(() => expect(server.received('POST /api/notes')).toHaveLength(1))
    await act(async () => {
      void client.logout()
      await expect(promise).rejects.toSatisfy(isSessionEndedError)
    })
  })

  it('that waits in onMutate rejects with SessionEndedError for who awaits it', async () => {
    const { client, renderMutation } = await start()
    const mutated = deferred()
    const { mutateAsync } = renderMutation({
      mutationFn: async () => secret,
      onMutate: () => mutated.promise,
    })
    let promise!: Promise<unknown>
    act(() => {
      promise = mutateAsync()
    })
    act(() => void client.logout())
    mutated.resolve()
    await expect(promise).rejects.toMatchObject({ name: 'SessionEndedError', reason: 'logout' })
  })

  it('that waits in onMutate never starts', async () => {
    const { renderMutation, leave, expectSilence } = await start()
    const mutated = deferred()
    const mutationFn = vi.fn(async () => secret)
    const { mutate } = renderMutation({ mutationFn, onMutate: () => mutated.promise })
    mutate()
    await leave()
    await act(async () => mutated.resolve())
    expect(mutationFn).not.toHaveBeenCalled()
    expectSilence()
  })

  it('that waits for its retry never sends again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { client, renderMutation, expectSilence } = await start()
      const mutationFn = vi.fn(async () => {
        throw new Error('first try')
      })
      const { mutate } = renderMutation({ mutationFn, retry: 3, retryDelay: 1000 })
      mutate()
      await act(() => vi.advanceTimersByTimeAsync(1))
      expect(mutationFn).toHaveBeenCalledOnce()
      act(() => void client.logout())
      await act(() => vi.advanceTimersByTimeAsync(10_000))
      expect(mutationFn).toHaveBeenCalledOnce()
      expectSilence()
    } finally {
      vi.useRealTimers()
    }
  })

  it('rolls nothing back into the cache, neither while signed out nor for the next user', async () => {
    const { server, client, queryClient, leave } = await start()
    const answer = deferred()
    const App = () => {
      const notes = useQuery({
        queryKey: ['notes'],
        queryFn: ({ signal }) => client.api.get('notes', { signal }).json<string[]>(),
      })
      const add = useMutation({
        mutationFn: async (_text: string) => {
          await answer.promise
          throw new Error('refused')
        },
        onMutate: (text) => {
          const before = queryClient.getQueryData<string[]>(['notes'])
          queryClient.setQueryData(['notes'], [...(before ?? []), text])
          return before
        },
        onError: (_error, _text, before) => queryClient.setQueryData(['notes'], before),
      })
      return <button onClick={() => add.mutate(secret)}>{notes.data?.join() ?? 'nothing'}</button>
    }
    const { container } = renderApp({ client, queryClient }, <App />)
    ;(await screen.findByText('private note of ada@example.com')).click()
    await screen.findByText(`private note of ada@example.com,${secret}`)

    await leave()
    expect(container.textContent).toBe('nothing')
    await act(() => client.login(bob))
    await act(async () => answer.resolve())

    await screen.findByText('private note of bob@example.com')
    expect(server.received('GET /api/notes')).toHaveLength(2)
  })

  it('writes nothing back from its own function while signed out', async () => {
    const { queryClient, renderMutation, leave } = await start()
    const answer = deferred()
    const began = vi.fn()
    const wrote = vi.fn()
    const { mutate } = renderMutation({
      mutationFn: async () => {
        began()
        await answer.promise
        queryClient.setQueryData(['notes'], [secret])
        wrote()
      },
    })
    mutate()
    await waitFor(() => expect(began).toHaveBeenCalled())
    await leave()
    await act(async () => answer.resolve())
    await waitFor(() => expect(wrote).toHaveBeenCalled())
    expect(queryClient.getQueryCache().getAll()).toEqual([])
  })
})

describe('a paused mutation', () => {
  it('is neither sent nor resumed when the browser is back online, nor under the next user', async () => {
    const { client, queryClient, renderMutation, leave, expectSilence } = await start()
    const mutationFn = vi.fn(async () => secret)
    const { mutate } = renderMutation({ mutationFn })
    window.dispatchEvent(new Event('offline'))
    mutate()
    await waitFor(() => expect(queryClient.getMutationCache().getAll()[0]?.state.isPaused).toBe(true))
    expect(JSON.stringify(dehydrate(queryClient))).toContain(secret)

    await leave()
    expect(JSON.stringify(dehydrate(queryClient))).not.toContain(secret)
    window.dispatchEvent(new Event('online'))
    await act(() => client.login(bob))
    await act(() => queryClient.resumePausedMutations())

    expect(mutationFn).not.toHaveBeenCalled()
    expectSilence()
  })
})

it('forgets the result of a settled mutation', async () => {
  const { queryClient, renderMutation, leave } = await start()
  const { mutate, container } = renderMutation({ mutationFn: async () => secret })
  mutate()
  await screen.findByText(`success ${secret} ${secret}`)
  await leave()
  expect(container.textContent).toBe('idle nothing nothing')
  expect(queryClient.getMutationCache().getAll()).toEqual([])
})

it('lets a public mutation finish with its callbacks', async () => {
  const { renderMutation, leave } = await start()
  const answer = deferred<string>()
  const onSuccess = vi.fn()
  const { mutate } = renderMutation({ mutationFn: () => answer.promise, onSuccess, meta: { public: true } })
  mutate()
  await leave()
  await act(async () => answer.resolve('done'))
  await waitFor(() => expect(onSuccess).toHaveBeenCalledOnce())
  expect(screen.getByText(`success ${secret} done`)).toBeDefined()
})

it('leaves the public mutation of an observer alone that ran a private one before', async () => {
  const { client, queryClient } = await start()
  const observer = new MutationObserver(queryClient, { mutationFn: async (text: string) => text })
  await observer.mutate(secret)
  observer.setOptions({ mutationFn: async (text: string) => text, meta: { public: true } })
  await observer.mutate('public news')
  void client.logout()
  expect(observer.getCurrentResult()).toMatchObject({ status: 'success', data: 'public news' })
})

it('lets a mutation be used again by the next user', async () => {
  const { client, renderMutation, leave } = await start()
  const { mutate } = renderMutation({ mutationFn: async (text) => text })
  mutate()
  await leave()
  await act(() => client.login(bob))
  mutate()
  expect(await screen.findByText(`success ${secret} ${secret}`)).toBeDefined()
})

it.each(['just', 'long'])('is forgotten although the app has emptied the cache %s before', async (when) => {
  const { queryClient, renderMutation, leave, client } = await start()
  const { container, mutate } = renderMutation({ mutationFn: async (text) => `saved ${text}` })
  mutate()
  await screen.findByText(/saved/)
  if (when === 'long') await act(async () => queryClient.clear())
  else queryClient.clear()
  await leave()
  expect(container.textContent).toBe('idle nothing nothing')
  await act(() => client.login(bob))
  expect(container.textContent).toBe('idle nothing nothing')
})

it('of a logout is forgotten with its result when the next session begins, although the app has emptied the cache', async () => {
  const { client, queryClient, server } = await start()
  const Leave = () => {
    const logout = useLogout({ onSuccess: () => queryClient.clear() })
    return (
      <button onClick={() => logout.mutate()}>
        {logout.data ? `goodbye ${JSON.stringify(logout.data)}` : 'nobody'}
      </button>
    )
  }
  renderApp({ client, queryClient }, <Leave />)
  await act(async () => screen.getByRole('button').click())
  await screen.findByText(/goodbye.*ada/)
  await act(async () => client.setSession(server.issue(bob.email)))
  expect(screen.getByRole('button').textContent).toBe('nobody')
})

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

it.each<[string, (cache: MutationCache) => unknown, object?]>([
  [
    'the cache lets nobody replace `notify`',
    (cache) => Object.defineProperty(cache, 'notify', { value: cache.notify }),
  ],
  ['the cache is sealed', (cache) => Object.preventExtensions(cache)],
  ['reading the `meta` of another throws', () => {}, revoked()],
])('that runs writes nothing under the next user, although %s', async (_name, change, meta) => {
  const mutationCache = new MutationCache()
  change(mutationCache)
  const queryClient = new QueryClient({ mutationCache })
  const server = await startApiServer()
  const { client } = makeClient({ baseUrl: server.baseUrl, queryClient })
  await client.login(ada)
  const Notes = () => {
    const { data } = useQuery({
      queryKey: ['notes'],
      queryFn: () => client.getSession().api('notes').json<string[]>(),
    })
    return <p>{data?.join() ?? 'nothing'}</p>
  }
  const { container } = renderApp({ client, queryClient }, <Notes />)
  await waitFor(() => expect(container.textContent).toBe(`${secret} of ${ada.email}`))
  const answer = deferred()
  const call = (options: object) => {
    new MutationObserver(queryClient, options).mutate().catch(() => {})
  }
  call({ mutationFn: () => answer.promise, onSuccess: () => queryClient.setQueryData(['notes'], [secret]) })
  if (meta) call({ meta, mutationFn: async () => {} })
  for (const method of ['error', 'warn'] as const) vi.mocked(console[method]).mockImplementation(() => {})

  await act(async () => client.setSession(server.issue(bob.email)))
  await waitFor(() => expect(container.textContent).toBe(`${secret} of ${bob.email}`))
  answer.resolve()
  await act(() => new Promise((resolve) => setTimeout(resolve, 30)))
  expect(container.textContent).toBe(`${secret} of ${bob.email}`)
  for (const method of ['error', 'warn'] as const) vi.mocked(console[method]).mockClear()
})
