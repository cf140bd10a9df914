import {
  dehydrate,
  hydrate,
  MutationObserver,
  onlineManager,
  QueryClient,
  QueryClientProvider,
  useMutation,
} from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import { useLayoutEffect } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AuthProvider, useLogout } from 'signoff'
import { deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const secret = 'private note'

afterEach(() => onlineManager.setOnline(true))

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  app.client.mount()
  afterEach(app.client.unmount)
  await app.client.login(ada)
  const mutate = (options: ConstructorParameters<typeof MutationObserver<unknown, Error, string>>[1]) => {
    const promise = new MutationObserver<unknown, Error, string>(app.queryClient, options).mutate(secret)
    promise.catch(() => {})
    return promise
  }
  return { server, ...app, mutate }
}

const ended = { name: 'SessionEndedError', reason: 'logout' }

const endless = () => new Promise<never>(() => {})

describe('whoever awaits a mutation when the session ends hears of it at once', () => {
  it('while its function goes on', async () => {
    const { client, mutate } = await start()
    const { promise, resolve } = deferred<string>()
    const waiting = mutate({ mutationFn: () => promise })
    void client.logout()
    await expect(waiting).rejects.toMatchObject(ended)
    resolve('late')
    await expect(waiting).rejects.toMatchObject(ended)
  })

  it('while it is offline', async () => {
    const { client, mutate } = await start()
    onlineManager.setOnline(false)
    const mutationFn = vi.fn(endless)
    const waiting = mutate({ mutationFn })
    void client.logout()
    await expect(waiting).rejects.toMatchObject(ended)
    onlineManager.setOnline(true)
    await client.login(bob)
    expect(mutationFn).not.toHaveBeenCalled()
  })

  it('while it waits between two tries', async () => {
    const { client, mutate, queryClient } = await start()
    const mutationFn = vi.fn(() => Promise.reject(new Error('Oops')))
    const waiting = mutate({ mutationFn, retry: true, retryDelay: 60_000 })
    await waitFor(() => expect(queryClient.getMutationCache().getAll()[0]?.state.failureCount).toBe(1))
    void client.logout()
    await expect(waiting).rejects.toMatchObject(ended)
    expect(mutationFn).toHaveBeenCalledOnce()
  })

  it('while it waits behind another of its scope', async () => {
    const { client, mutate } = await start()
    const scope = { id: 'notes' }
    const first = mutate({ mutationFn: endless, scope })
    const mutationFn = vi.fn(endless)
    const second = mutate({ mutationFn, scope })
    void client.logout()
    await expect(first).rejects.toMatchObject(ended)
    await expect(second).rejects.toMatchObject(ended)
    expect(mutationFn).not.toHaveBeenCalled()
  })

  it('while it waits in onMutate', async () => {
    const { client, mutate } = await start()
    const mutationFn = vi.fn(endless)
    const waiting = mutate({ mutationFn, onMutate: endless })
    void client.logout()
    await expect(waiting).rejects.toMatchObject(ended)
    expect(mutationFn).not.toHaveBeenCalled()
  })

  it.each([
    ['here', 'replaced'],
    ['in another tab', 'elsewhere'],
  ])('and writes nothing for the next user, who logs in %s', async (where, reason) => {
    const { server, client, queryClient, mutate } = await start()
    const { promise, resolve } = deferred<string>()
    const write = mutate({ mutationFn: () => promise }).then((data) =>
      queryClient.setQueryData(['notes'], data),
    )
    if (where === 'here') client.setSession(server.issue(bob.email))
    else localStorage.setItem('token', server.issue(bob.email).token)
    window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
    resolve(secret)
    await expect(write).rejects.toMatchObject({ name: 'SessionEndedError', reason })
    expect(queryClient.getQueryData(['notes'])).toBeUndefined()
  })
})

it('a public mutation that waits behind a private one of its scope is sent after the logout', async () => {
  const { client, mutate } = await start()
  const scope = { id: 'both' }
  const { promise: running, resolve } = deferred()
  const run = () => {
    resolve()
    return endless()
  }
  void mutate({ mutationFn: run, scope }).catch(() => {})
  await running
  const mutationFn = vi.fn(async () => 'sent')
  const sent = mutate({ mutationFn, scope, meta: { public: true } })
  // After all microtasks of its start it waits.
  await new Promise((resolve) => setTimeout(resolve))
  expect(mutationFn).not.toHaveBeenCalled()
  void client.logout()
  expect(await sent).toBe('sent')
})

it('a mutation that retries gets the retries that it asks for', async () => {
  const { mutate } = await start()
  const mutationFn = vi.fn(() => Promise.reject(new Error('Oops')))
  await expect(mutate({ mutationFn, retry: 2, retryDelay: 0 })).rejects.toThrow('Oops')
  expect(mutationFn).toHaveBeenCalledTimes(3)
  const retry = vi.fn((count: number) => count < 1)
  await expect(mutate({ mutationFn, retry, retryDelay: 0 })).rejects.toThrow('Oops')
  expect(mutationFn).toHaveBeenCalledTimes(5)
})

describe('what was called while nobody was signed in is not sent as the next user', () => {
  const startOut = async () => {
    const { server, client, queryClient, mutate } = await start()
    await client.logout()
    const post = vi.fn(() => client.api.post('notes'))
    return { server, client, queryClient, mutate, post }
  }

  it('by its retry', async () => {
    const { server, client, queryClient, mutate, post } = await startOut()
    const { promise, resolve } = deferred()
    const retryDelay = () => {
      resolve()
      return 20
    }
    const waiting = mutate({ mutationFn: post, retry: 3, retryDelay })
    await promise
    await client.login(bob)
    await expect(waiting).rejects.toMatchObject({ name: 'SessionEndedError' })
    expect(queryClient.isMutating()).toBe(0)
    // Ample time for a retry.
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(server.received('POST /api/notes')).toEqual([])
  })

  it('once it is online', async () => {
    const { server, client, queryClient, mutate, post } = await startOut()
    onlineManager.setOnline(false)
    const waiting = mutate({ mutationFn: post })
    await client.login(bob)
    await expect(waiting).rejects.toMatchObject({ name: 'SessionEndedError' })
    onlineManager.setOnline(true)
    await queryClient.resumePausedMutations()
    expect(server.received('POST /api/notes')).toEqual([])
  })

  it('out of a copy of somebody else’s', async () => {
    const { server, client, queryClient, post } = await startOut()
    const mutationKey = ['addNote']
    onlineManager.setOnline(false)
    const other = new QueryClient()
    new MutationObserver(other, { mutationKey, mutationFn: post }).mutate().catch(() => {})
    const copy = dehydrate(other)
    expect(copy.mutations).toHaveLength(1)
    queryClient.setMutationDefaults(mutationKey, { mutationFn: post })
    hydrate(queryClient, copy)
    expect(queryClient.getMutationCache().getAll()).toEqual([])
    await client.login(bob)
    onlineManager.setOnline(true)
    await queryClient.resumePausedMutations()
    expect(post).not.toHaveBeenCalled()
    expect(server.received('POST /api/notes')).toEqual([])
  })

  it('unless it belongs to nobody', async () => {
    const { client, queryClient, mutate } = await startOut()
    onlineManager.setOnline(false)
    const sent = mutate({ mutationFn: async () => 'sent', meta: { public: true } })
    await client.login(bob)
    onlineManager.setOnline(true)
    await queryClient.resumePausedMutations()
    expect(await sent).toBe('sent')
  })
})

describe('a mutation that is called in a layout effect, before the client listens', () => {
  it('for a logout gets its callbacks', async () => {
    const server = await startApiServer()
    const app = makeClient({ baseUrl: server.baseUrl })
    localStorage.setItem('token', server.issue(ada.email).token)
    const onSuccess = vi.fn()
    const Leave = () => {
      const { mutate } = useLogout({ onSuccess })
      useLayoutEffect(() => mutate(), [mutate])
      return null
    }
    renderApp(app, <Leave />)
    await waitFor(() => expect(onSuccess).toHaveBeenCalledOnce())
    expect(onSuccess.mock.calls[0]?.[0]).toMatchObject({ revoked: true })
  })
})

it('a mutation from before the provider was mounted shows nothing of the user after the logout', async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  localStorage.setItem('token', server.issue(ada.email).token)
  const observer = new MutationObserver(app.queryClient, { mutationFn: async (text: string) => text })
  const seen: unknown[] = []
  const stop = observer.subscribe(({ data, variables }) => seen.push([data, variables]))
  await observer.mutate(secret)
  expect(seen.at(-1)).toEqual([secret, secret])
  renderApp(app, null)
  await act(() => app.client.logout())
  expect(observer.getCurrentResult()).toMatchObject({ data: undefined, variables: undefined })
  expect(seen.at(-1)).toEqual([undefined, undefined])
  stop()
})

it('a mutation that a component shows from before a hot reload shows nothing of the user after the logout', async () => {
  const server = await startApiServer()
  const queryClient = new QueryClient()
  const { client: before } = makeClient({ baseUrl: server.baseUrl, queryClient })
  const { client: after } = makeClient({ baseUrl: server.baseUrl, queryClient })
  await before.login(ada)
  let mutate!: (text: string) => void
  const Form = () => {
    const mutation = useMutation({ mutationFn: async (text: string) => text })
    mutate = mutation.mutate
    return <p>{mutation.data ?? 'nothing'}</p>
  }
  const page = (client: typeof before) => (
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={client}>
        <Form />
      </AuthProvider>
    </QueryClientProvider>
  )
  const view = render(page(before))
  act(() => mutate(secret))
  await screen.findByText(secret)
  view.rerender(page(after))
  await screen.findByText(secret)
  await act(() => after.logout())
  await screen.findByText('nothing')
})
