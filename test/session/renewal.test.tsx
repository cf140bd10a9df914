import { useMutation, useQuery } from '@tanstack/react-query'
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { memoryStorage, SignedIn, useAuth, useSession, useToken, useUser } from 'signoff'
import { answers, deferred, startApiServer, type TestUser } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'
import { ended, failure, signedIn } from '../support/requests.ts'

const logout = 'POST /api/auth/logout'

/** Ada's page, with a draft in it, and how often each part of it has rendered. */
const openPage = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const onSignOut = vi.fn()
  const app = makeClient({ baseUrl: server.baseUrl, onSignOut, ...options })
  const session = await app.client.login(ada)
  const rendered = vi.fn<(part: string) => void>()
  const User = () => {
    rendered('user')
    return <b>{(useUser() as TestUser | null)?.email}</b>
  }
  const Token = () => {
    rendered('token')
    return <i>{useToken()}</i>
  }
  const Status = () => {
    rendered('status')
    return <u>{useAuth(({ status }) => status)}</u>
  }
  const Notes = () => {
    rendered('session')
    const { api } = useSession()
    const { data } = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
    return <p>{data}</p>
  }
  renderApp(
    app,
    <SignedIn>
      <User />
      <Token />
      <Status />
      <Notes />
      <input aria-label="draft" />
    </SignedIn>,
  )
  await screen.findByText(`private note of ${ada.email}`)
  fireEvent.change(screen.getByLabelText('draft'), { target: { value: 'draft' } })
  const draft = () => screen.getByLabelText<HTMLInputElement>('draft').value
  return { server, ...app, ...session, rendered, draft, onSignOut }
}

describe('a renewed session', () => {
  it('keeps its caches, its components, its drafts and its signal, and only what reads the token renders', async () => {
    const { server, client, token, user, rendered, draft, onSignOut } = await openPage()
    rendered.mockClear()
    const { signal } = client.getSession()
    const next = server.issue(ada.email).token
    act(() => client.renewSession({ token: next }))
    expect(client.getState()).toEqual({ status: 'signed-in', user, token: next })
    expect(localStorage.getItem('token')).toBe(next)
    expect(rendered.mock.calls).toEqual([['token']])
    expect(screen.getByText(next)).toBeDefined()
    expect([draft(), signal.aborted, client.getSignal()]).toEqual(['draft', false, signal])
    expect(server.received('GET /api/notes')).toHaveLength(1)
    expect(server.received(logout)).toEqual([])
    expect(server.sessions.has(token)).toBe(true)
    await client.logout()
    expect(server.received(logout)).toMatchObject([{ token: next }])
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalledOnce())
  })

  it('sends later attempts with the new token, also those of a request that was under way', async () => {
    const { server, client } = await signedIn()
    const next = server.issue(ada.email).token
    server.answer('GET /api/notes', (response, request) => {
      const answer = request.token === next ? answers.json(['note']) : answers.status(503)
      if (request.token !== next) client.renewSession({ token: next })
      answer(response, request)
    })
    const notes = client.api('notes', { retry: { limit: 1, delay: () => 1 } }).json()
    expect(await notes).toEqual(['note'])
    await client.fetch(`${server.baseUrl}/notes`)
    expect(server.received('GET /api/notes').slice(1)).toMatchObject([{ token: next }, { token: next }])
  })

  it('goes on with a body that is being read, which still ends with the session', async () => {
    const { server, client } = await signedIn()
    const closed = deferred()
    const opened = deferred<(text: string) => void>()
    server.answer('GET /api/stream', (response) => {
      response.on('close', closed.resolve)
      response.writeHead(200)
      opened.resolve((text) => void response.write(text))
    })
    const answer = client.fetch(`${server.baseUrl}/stream`)
    const write = await opened.promise
    write('one')
    const reader = (await answer).body?.getReader()
    const read = async () => new TextDecoder().decode((await reader?.read())?.value)
    expect(await read()).toBe('one')
    client.renewSession({ token: server.issue(ada.email).token })
    write('two')
    expect(await read()).toBe('two')
    const reading = failure(read())
    await client.logout()
    expect(await reading).toEqual(ended('logout'))
    await closed.promise
  })

  it('repeats what the API refuses for its old token, and does not end', async () => {
    const { server, client, token } = await signedIn()
    const next = server.issue(ada.email).token
    const arrived = deferred()
    const renewed = deferred()
    server.answer('GET /api/notes', async (response, request) => {
      if (request.token === token) {
        arrived.resolve()
        await renewed.promise
      }
      const answer = request.token === token ? answers.status(401) : answers.json(['note'])
      answer(response, request)
    })
    const notes = client.api('notes').json()
    await arrived.promise
    client.renewSession({ token: next })
    renewed.resolve()
    expect(await notes).toEqual(['note'])
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: next })
  })

  it('asks about its user once more if the API refuses the old token', async () => {
    const { server, client, queryClient, token } = await signedIn()
    const next = server.issue(ada.email).token
    server.answer('GET /api/auth/user', (response, request) => {
      if (request.token === token) client.renewSession({ token: next })
      const answer =
        request.token === token ? answers.status(401) : answers.json({ id: '1', email: ada.email })
      answer(response, request)
    })
    expect(await queryClient.fetchQuery({ ...client.userOptions, staleTime: 0 })).toMatchObject({
      email: ada.email,
    })
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: next })
  })

  it('asks no more than twice at once if the API refuses every token', async () => {
    const { server, client, queryClient } = await signedIn()
    let count = 0
    server.answer('GET /api/auth/user', (response, request) => {
      client.renewSession({ token: `renewed-${(count += 1)}` })
      answers.status(401)(response, request)
    })
    const asked = failure(queryClient.fetchQuery({ ...client.userOptions, staleTime: 0, retry: false }))
    expect(await asked).toMatchObject({ name: 'RequestError', status: 401 })
    expect(count).toBe(2)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: 'renewed-2' })
  })

  it('takes the user that comes with the token', async () => {
    const { server, client, user, draft } = await openPage()
    const { token } = server.issue(ada.email)
    act(() => client.renewSession({ token, user: { ...user, email: 'ada@new.example.com' } }))
    await screen.findByText('ada@new.example.com')
    expect(draft()).toBe('draft')
  })

  it('keeps a running mutation, whose callbacks are called', async () => {
    const { server, ...app } = await signedIn()
    const answered = deferred<string>()
    const onSuccess = vi.fn()
    let add!: ReturnType<typeof useMutation>
    const App = () => {
      add = useMutation({ mutationFn: () => answered.promise, onSuccess })
      return null
    }
    renderApp(app, <App />)
    act(() => add.mutate())
    act(() => app.client.renewSession({ token: server.issue(ada.email).token }))
    answered.resolve('added')
    await waitFor(() => expect(add.data).toBe('added'))
    expect(onSuccess).toHaveBeenCalledOnce()
  })
})

describe('a renewal that brings somebody else', () => {
  it('replaces the session, and revokes its token', async () => {
    const { server, client, token, draft, onSignOut } = await openPage()
    const next = server.issue(bob.email)
    act(() => client.renewSession(next))
    await screen.findByText(`private note of ${bob.email}`)
    expect(draft()).toBe('')
    expect(document.body.textContent).not.toContain(ada.email)
    await vi.waitFor(() => expect(server.received(logout)).toMatchObject([{ token }]))
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalledOnce())
    expect(onSignOut.mock.calls[0]).toMatchObject([{ reason: 'replaced' }])
  })

  it('is told by isSameUser, where the app says who is the same', async () => {
    const isSameUser = (one: TestUser, other: TestUser) => one.email === other.email
    const { server, client, draft } = await openPage({ isSameUser })
    const { token } = server.issue(ada.email)
    act(() => client.renewSession({ token, user: { id: 'another id', email: ada.email } }))
    expect(client.getState()).toMatchObject({ token, user: { id: 'another id' } })
    expect(draft()).toBe('draft')
  })
})

describe('a renewal that brings a user before anybody is known', () => {
  it('replaces the session: nothing that was fetched with the token of before is left', async () => {
    const server = await startApiServer()
    const storage = memoryStorage()
    const { token } = server.issue(ada.email)
    storage.set(token)
    server.answer('GET /api/auth/user', answers.never)
    const { client, queryClient } = makeClient({ baseUrl: server.baseUrl, storage })
    client.mount()
    const notes = () => client.getSession().api('notes').json<string[]>()
    expect(await queryClient.fetchQuery({ queryKey: ['notes'], queryFn: notes })).toEqual([
      `private note of ${ada.email}`,
    ])
    expect(client.getState()).toMatchObject({ status: 'restoring', token })
    const { signal } = client.getSession()
    const next = server.issue(bob.email)
    client.renewSession(next)
    expect(client.getState()).toMatchObject({ status: 'signed-in', ...next })
    expect(queryClient.getQueryData(['notes'])).toBeUndefined()
    expect(signal.reason).toEqual(ended('replaced'))
    await vi.waitFor(() => expect(server.received(logout)).toMatchObject([{ token }]))
    client.unmount()
  })
})

describe('a renewal that comes too late', () => {
  it('is refused while nobody is signed in, and its token is revoked', async () => {
    const { server, client } = await signedIn()
    await client.logout()
    const { token } = server.issue(ada.email)
    expect(() => client.renewSession({ token })).toThrow(expect.objectContaining({ name: 'SignedOutError' }))
    expect(client.getState().status).toBe('signed-out')
    await vi.waitFor(() => expect(server.sessions.has(token)).toBe(false))
  })

  it('is refused in the tick in which another session begins', async () => {
    const { server, client } = await signedIn()
    const next = server.issue(bob.email)
    const { token } = server.issue(ada.email)
    let error: unknown
    client.getSignal().addEventListener('abort', () =>
      queueMicrotask(() => {
        try {
          client.renewSession({ token })
        } catch (reason) {
          error = reason
        }
      }),
    )
    client.setSession(next)
    await vi.waitFor(() => expect(error).toEqual(ended('replaced')))
    expect(client.getState()).toMatchObject(next)
    await vi.waitFor(() => expect(server.sessions.has(token)).toBe(false))
  })

  it('is refused where another tab has replaced the session, and is not heard of yet', async () => {
    const { server, client } = await signedIn({ storage: undefined as never })
    const next = server.issue(bob.email)
    localStorage.setItem('token', next.token)
    const { token } = server.issue(ada.email)
    expect(() => client.renewSession({ token })).toThrow(ended('elsewhere'))
    expect(client.getState().token).toBe(next.token)
    expect(localStorage.getItem('token')).toBe(next.token)
    await vi.waitFor(() => expect(server.sessions.has(token)).toBe(false))
  })

  it.each([undefined, '', 'a\nb'])(
    'or without a token that can be sent (%j) changes nothing',
    async (token) => {
      const { client, token: known } = await signedIn()
      expect(() => client.renewSession({ token: token as never })).toThrow(TypeError)
      expect(client.getState()).toMatchObject({ status: 'signed-in', token: known })
    },
  )
})

describe('another tab', () => {
  const hear = () => act(() => void window.dispatchEvent(new StorageEvent('storage', { key: 'token' })))

  it('takes a renewal over as one: its drafts, caches and requests under way stay', async () => {
    const { server, client, draft, rendered, onSignOut } = await openPage()
    const other = makeClient({ baseUrl: server.baseUrl })
    other.client.mount()
    rendered.mockClear()
    const { token } = server.issue(ada.email)
    other.client.renewSession({ token })
    hear()
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    expect(draft()).toBe('draft')
    expect(rendered.mock.calls).toEqual([['token']])
    expect(server.received('GET /api/notes')).toHaveLength(1)
    expect(onSignOut).not.toHaveBeenCalled()

    await act(() => other.client.logout())
    hear()
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
    other.client.unmount()
  })

  it('that reads the storage between two writes of a renewal finds the session that it knows', async () => {
    const entries = new Map<string, string>()
    const entry = (key: string) => ({
      get: () => entries.get(key) ?? null,
      set: (value: string) => {
        entries.set(key, value)
        window.dispatchEvent(new StorageEvent('storage', { key }))
      },
      remove: () => void entries.delete(key),
    })
    const storage = { ...entry('token'), owner: entry('token.of') }
    const { server, client, draft } = await openPage({ storage })
    const other = makeClient({ baseUrl: server.baseUrl, storage })
    const { token } = server.issue(ada.email)
    act(() => other.client.renewSession({ token }))
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    expect(draft()).toBe('draft')
  })

  it('that has slept through several renewals takes the last over, and one that opens then belongs to it', async () => {
    const { server, client, draft } = await openPage()
    const other = makeClient({ baseUrl: server.baseUrl })
    other.client.mount()
    for (let round = 0; round < 3; round += 1)
      other.client.renewSession({ token: server.issue(ada.email).token })
    const late = makeClient({ baseUrl: server.baseUrl })
    late.client.mount()
    const { token } = server.issue(ada.email)
    late.client.renewSession({ token })
    hear()
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    expect(draft()).toBe('draft')
    for (const tab of [other, late]) {
      expect(tab.client.getState().token).toBe(token)
      tab.client.unmount()
    }
  })

  it('takes the token of a new session of the same user over as a new one', async () => {
    const { server, client, draft } = await openPage()
    const other = makeClient({ baseUrl: server.baseUrl })
    await act(() => other.client.login(ada))
    hear()
    await screen.findByText(`private note of ${ada.email}`)
    expect(draft()).toBe('')
    expect(client.getState().token).toBe(other.client.getState().token)
  })

  it('ends the session for good although the first tab has begun it anew with the same token', async () => {
    const { server, client } = await openPage()
    const other = makeClient({ baseUrl: server.baseUrl })
    const { token, user } = server.issue(ada.email)
    other.client.renewSession({ token })
    hear()
    expect(client.getState().token).toBe(token)
    other.client.setSession({ token, user })
    await act(() => client.logout())
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
    expect(localStorage.length).toBe(0)
  })

  it('that logs out before it hears of a renewal revokes the new token', async () => {
    const { server, client } = await openPage()
    const other = makeClient({ baseUrl: server.baseUrl })
    const { token } = server.issue(ada.email)
    other.client.renewSession({ token })
    await act(() => client.logout())
    expect(server.received(logout)).toMatchObject([{ token }])
    expect(localStorage.length).toBe(0)
  })

  it('whose login is under way is not outdated by a renewal', async () => {
    const { server, client } = await openPage()
    const other = makeClient({ baseUrl: server.baseUrl })
    other.client.mount()
    const answered = deferred()
    const login = client.login(async () => {
      await answered.promise
      return server.issue(bob.email)
    })
    const failing = failure(other.client.login(() => Promise.reject(new Error('cancelled'))))
    await failing
    other.client.renewSession({ token: server.issue(ada.email).token })
    answered.resolve()
    await act(async () => void (await login))
    expect(client.getState()).toMatchObject({ user: { email: bob.email } })
    other.client.unmount()
  })
})

it('a storage that says nothing of the session still holds the new token, and none after the logout', async () => {
  const storage = memoryStorage()
  const { server, client } = await signedIn({ storage })
  const { token } = server.issue(ada.email)
  client.renewSession({ token })
  expect(storage.get()).toBe(token)
  expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  const { revoked } = await client.logout()
  expect([storage.get(), client.getState().status, revoked]).toEqual([null, 'signed-out', true])
})
