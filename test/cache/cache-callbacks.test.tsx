import {
  MutationCache,
  MutationObserver,
  QueryCache,
  QueryClient,
  QueryObserver,
} from '@tanstack/react-query'
import { act, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { deferred, startApiServer } from '../support/apiServer.ts'
import { ada, makeClient, renderApp } from '../support/renderApp.tsx'

const secret = 'private note of ada@example.com'

const callbacks = () => ({ onMutate: vi.fn(), onSuccess: vi.fn(), onError: vi.fn(), onSettled: vi.fn() })

const start = async (queryClient = new QueryClient()) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, queryClient })
  const session = await app.client.login(ada)
  return { server, ...app, ...session }
}

/** A mutation that runs until it is told to go on. */
const run = async (queryClient: QueryClient, how: string, options: object = {}) => {
  const gate = deferred()
  const began = vi.fn()
  const settled = vi.fn()
  const observer = new MutationObserver<string, Error, string>(queryClient, {
    mutationFn: async () => {
      began()
      await gate.promise
      if (how === 'fails') throw new Error(secret)
      return secret
    },
    ...options,
  })
  observer.mutate(secret).then(settled, settled)
  await vi.waitFor(() => expect(began).toHaveBeenCalled())
  return async () => {
    gate.resolve()
    await vi.waitFor(() => expect(settled).toHaveBeenCalled())
  }
}

const outcomes = ['succeeds', 'fails']

describe('the callbacks of a mutation cache', () => {
  it.each(outcomes)('hear nothing of a private mutation that %s after the logout', async (how) => {
    const config = callbacks()
    const { client, queryClient } = await start(new QueryClient({ mutationCache: new MutationCache(config) }))
    const finish = await run(queryClient, how)
    expect(config.onMutate).toHaveBeenCalledOnce()
    void client.logout()
    await finish()
    expect(config.onSuccess).not.toHaveBeenCalled()
    expect(config.onError).not.toHaveBeenCalled()
    expect(config.onSettled).not.toHaveBeenCalled()
  })

  it.each(outcomes)('set while it runs hear nothing of a private mutation that %s', async (how) => {
    const config = callbacks()
    const { client, queryClient } = await start()
    const finish = await run(queryClient, how)
    queryClient.getMutationCache().config = config
    void client.logout()
    await finish()
    for (const callback of Object.values(config)) expect(callback).not.toHaveBeenCalled()
  })

  it.each(outcomes)('set after the logout hear nothing of a private mutation that %s', async (how) => {
    const config = callbacks()
    const { client, queryClient } = await start()
    const finish = await run(queryClient, how)
    void client.logout()
    queryClient.getMutationCache().config = config
    await finish()
    for (const callback of Object.values(config)) expect(callback).not.toHaveBeenCalled()
  })

  it.each(outcomes)('hear all of a public mutation that %s after the logout', async (how) => {
    const config = callbacks()
    const { client, queryClient } = await start(new QueryClient({ mutationCache: new MutationCache(config) }))
    const finish = await run(queryClient, how, { meta: { public: true } })
    void client.logout()
    await finish()
    expect(config[how === 'fails' ? 'onError' : 'onSuccess']).toHaveBeenCalledOnce()
    expect(config.onSettled).toHaveBeenCalledOnce()
  })

  it('hear all of the logout that asks for it', async () => {
    const config = callbacks()
    const { client, queryClient } = await start(new QueryClient({ mutationCache: new MutationCache(config) }))
    await new MutationObserver(queryClient, { mutationFn: client.logout }).mutate()
    expect(config.onSuccess).toHaveBeenCalledOnce()
    expect(config.onSettled).toHaveBeenCalledOnce()
  })

  it('are called as methods of their configuration', async () => {
    const config = {
      heard: [] as unknown[],
      onSuccess(data: unknown) {
        this.heard.push(data)
      },
    }
    const { queryClient } = await start(new QueryClient({ mutationCache: new MutationCache(config) }))
    await (
      await run(queryClient, 'succeeds')
    )()
    expect(config.heard).toEqual([secret])
  })

  it('hear of the next user’s mutations', async () => {
    const config = callbacks()
    const { client, queryClient } = await start(new QueryClient({ mutationCache: new MutationCache(config) }))
    await client.logout()
    await client.login(ada)
    await (
      await run(queryClient, 'succeeds')
    )()
    expect(config.onSuccess).toHaveBeenCalledOnce()
  })

  it('hear nothing of it where another client has been made with the same QueryClient, as in a hot reload', async () => {
    const config = callbacks()
    const { client, queryClient, server } = await start(
      new QueryClient({ mutationCache: new MutationCache(config) }),
    )
    makeClient({ baseUrl: server.baseUrl, queryClient })
    const finish = await run(queryClient, 'succeeds')
    void client.logout()
    await finish()
    expect(config.onSuccess).not.toHaveBeenCalled()
    expect(config.onSettled).not.toHaveBeenCalled()
  })
})

describe('the callbacks of a query cache', () => {
  it.each(outcomes)(
    'hear nothing of a query that %s, whenever in the next forty microtasks logout is called',
    async (how) => {
      for (let microtasks = 0; microtasks < 40; microtasks += 1) {
        const config = { onSuccess: vi.fn(), onError: vi.fn(), onSettled: vi.fn() }
        const queryClient = new QueryClient({ queryCache: new QueryCache(config) })
        const { client, server } = await start(queryClient)
        const answer = deferred<string>()
        const queryFn = vi.fn(async () => {
          const data = await answer.promise
          if (how === 'fails') throw new Error(data)
          return data
        })
        const settled = queryClient.fetchQuery({ queryKey: ['notes'], queryFn, retry: false }).catch(() => {})
        await vi.waitFor(() => expect(queryFn).toHaveBeenCalledOnce())

        answer.resolve(secret)
        for (let count = 0; count < microtasks; count += 1) await Promise.resolve()
        const before = config.onSettled.mock.calls.length
        void client.logout()
        await settled

        expect(config.onSettled.mock.calls.length, `after ${microtasks} microtasks`).toBe(before)
        await server.close()
      }
    },
  )
})

describe.each(['the mutation cache', 'the whole client'])('an app that clears %s', (what) => {
  it.each(outcomes)('while a mutation runs that %s after the logout hears nothing of it', async (how) => {
    const { client, queryClient } = await start()
    const { onMutate: _onMutate, ...own } = callbacks()
    const finish = await run(queryClient, how, own)
    if (what === 'the whole client') queryClient.clear()
    else queryClient.getMutationCache().clear()
    void client.logout()
    await finish()
    for (const callback of Object.values(own)) expect(callback).not.toHaveBeenCalled()
  })
})

it('asks for the user again on focus, although the app has cleared its client', async () => {
  const { server, queryClient, ...app } = await start()
  renderApp({ queryClient, ...app }, null)
  act(() => queryClient.clear())
  const before = server.received('GET /api/auth/user').length
  act(() => void window.dispatchEvent(new Event('visibilitychange')))
  await waitFor(() => expect(server.received('GET /api/auth/user').length).toBeGreaterThan(before))
})

describe('what throws', () => {
  const expectReport = () => {
    expect(console.warn).toHaveBeenCalledWith(expect.any(String), expect.any(Error))
    vi.mocked(console.warn).mockClear()
  }

  const expectLeft = async ({ client, queryClient, server, token }: Awaited<ReturnType<typeof start>>) => {
    expect(client.getState().status).toBe('signed-out')
    expect(localStorage.getItem('token')).toBeNull()
    expect(
      JSON.stringify(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ state }) => state),
      ),
    ).not.toContain(secret)
    expect(
      JSON.stringify(
        queryClient
          .getMutationCache()
          .getAll()
          .map(({ state }) => state),
      ),
    ).not.toContain(secret)
    await vi.waitFor(() => expect(server.sessions.has(token)).toBe(false))
    const heard = vi.fn()
    const stop = queryClient.getQueryCache().subscribe(heard)
    await client.login(ada)
    queryClient.setQueryData(['other'], 1)
    expect(heard).toHaveBeenCalled()
    stop()
  }

  it.each(['removed', 'observerRemoved'])(
    'in a subscriber of the mutation cache at %s stops no logout halfway',
    async (type) => {
      const app = await start()
      const observer = new MutationObserver(app.queryClient, { mutationFn: async () => secret })
      const stopObserving = observer.subscribe(() => {})
      await observer.mutate()
      await new MutationObserver(app.queryClient, { mutationFn: async () => secret }).mutate()
      app.queryClient.setQueryData(['notes'], secret)
      const stop = app.queryClient.getMutationCache().subscribe((event) => {
        if (event.type === type) throw new Error('Oops')
      })
      await app.client.logout()
      stop()
      await expectLeft(app)
      // Of observers the cache is silent while it forgets.
      if (type === 'removed') expectReport()
      stopObserving()
    },
  )

  it('in a listener of a query observer, which expects data, stops no logout halfway', async () => {
    const app = await start()
    const options = { queryKey: ['notes'], queryFn: async () => [secret] }
    const seen = vi.fn()
    const stop = new QueryObserver(app.queryClient, options).subscribe(({ data, status }) => {
      if (status === 'success') seen()
      if (seen.mock.calls.length > 0 && !data) throw new Error('Oops')
    })
    await vi.waitFor(() => expect(seen).toHaveBeenCalled())
    app.queryClient.setQueryData(['other'], secret)
    await app.client.logout()
    await expectLeft(app)
    expectReport()
    stop()
  })

  it('in a listener of a mutation observer, which expects data, stops no logout halfway', async () => {
    const app = await start()
    const observer = new MutationObserver(app.queryClient, { mutationFn: async () => secret })
    await observer.mutate()
    const stop = observer.subscribe(({ data }) => {
      if (!data) throw new Error('Oops')
    })
    app.queryClient.setQueryData(['other'], secret)
    await app.client.logout()
    await expectLeft(app)
    expectReport()
    stop()
  })
})
