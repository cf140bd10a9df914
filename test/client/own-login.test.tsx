import { act, waitFor } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { memoryStorage, useLogin } from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'
import { ended, failure, hang, signedIn } from '../support/requests.ts'

const logout = 'POST /api/auth/logout'

type Client = ReturnType<typeof makeClient>['client']

const setUp = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  return { server, ...makeClient({ baseUrl: server.baseUrl, ...options }) }
}

describe('a login of the app’s own', () => {
  it('begins a session with the user that it brings, without asking for it', async () => {
    const { server, client } = await setUp()
    const session = server.issue(ada.email)
    expect(await client.login(async () => session)).toEqual(session)
    expect(client.getState()).toMatchObject({ status: 'signed-in', ...session })
    expect(localStorage.getItem('token')).toBe(session.token)
    expect(server.requests).toEqual([])
  })

  it('asks for the user where it brings none', async () => {
    const { server, client } = await setUp()
    const { token, user } = server.issue(ada.email)
    expect(await client.login(() => ({ token }))).toEqual({ token, user })
    expect(server.requests).toMatchObject([{ path: '/api/auth/user', token }])
  })

  it('has a fetch without a token, also while somebody is signed in', async () => {
    const { server, client, notes } = await signedIn({ headers: { apikey: 'K' } })
    const next = server.issue(bob.email)
    await client.login(async ({ fetch }) => {
      expect((await fetch(notes)).status).toBe(401)
      return next
    })
    expect(server.received('GET /api/notes')).toMatchObject([{ token: undefined, headers: { apikey: 'K' } }])
    expect(client.getState()).toMatchObject(next)
    await vi.waitFor(() => expect(server.received(logout)).toHaveLength(1))
  })

  it('rejects with what it throws, and leaves a session as it is', async () => {
    const { client, token } = await signedIn()
    const error = new Error('The popup was closed')
    expect(await failure(client.login(() => Promise.reject(error)))).toBe(error)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it.each([undefined, {}, { token: '' }, { token: 'a\nb' }])('refuses %j', async (found) => {
    const { client } = await setUp()
    expect(await failure(client.login(() => found as never))).toBeInstanceOf(TypeError)
    expect(client.getState().status).toBe('signed-out')
  })

  it('outdates nothing where it fails: one code that is submitted twice logs in once', async () => {
    const { server, client } = await setUp()
    const session = server.issue(ada.email)
    let isUsed = false
    const callback = async () => {
      await Promise.resolve()
      if (isUsed) throw new Error('invalid_grant')
      isUsed = true
      await new Promise((resolve) => setTimeout(resolve, 20))
      return session
    }
    const [first, second] = await Promise.allSettled([client.login(callback), client.login(callback)])
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
    expect(client.getState()).toMatchObject(session)
    expect(server.received(logout)).toEqual([])
  })

  it.each([
    ['the first submission', 'nobody'],
    ['the second submission', 'nobody'],
    ['the first submission', 'somebody else'],
    ['the second submission', 'somebody else'],
  ])('is the one of two by StrictMode that succeeds: %s, while %s is signed in', async (which, who) => {
    const { server, ...app } = await setUp()
    if (who === 'somebody else') await app.client.login(ada)
    const session = server.issue(bob.email)
    let calls = 0
    const callback = async () => {
      calls += 1
      const isRight = (calls === 1) === (which === 'the first submission')
      // The answer of the later call comes first.
      await new Promise((resolve) => setTimeout(resolve, calls === 1 ? 40 : 10))
      if (!isRight) throw new Error('invalid_grant')
      return session
    }
    const Callback = () => {
      const { mutate } = useLogin()
      useEffect(() => mutate(callback), [mutate])
      return null
    }
    renderApp(app, <Callback />, (page) => <StrictMode>{page}</StrictMode>)
    await waitFor(() => expect(calls).toBe(2))
    await waitFor(() => expect(app.queryClient.isMutating()).toBe(0))
    expect(app.client.getState()).toMatchObject(session)
    expect(server.sessions.has(session.token)).toBe(true)
  })
})

describe('a login of the app’s own that is outdated', () => {
  const ends = {
    'by a logout': ['logout', ({ client }) => client.logout()],
    'by a later login': ['replaced', ({ client }) => client.login(bob)],
    'by a session that is set': [
      'replaced',
      ({ client, server }) => client.setSession(server.issue(bob.email)),
    ],
  } satisfies Record<string, [string, (app: Awaited<ReturnType<typeof setUp>>) => unknown]>

  it.each(Object.entries(ends))(
    '%s rejects at once, and its late token is revoked',
    async (_name, [reason, end]) => {
      const app = await setUp()
      const { server, client } = app
      const late = server.issue(ada.email)
      const answered = deferred()
      let aborted: AbortSignal | undefined
      const login = failure(
        client.login(async ({ signal }) => {
          aborted = signal
          await answered.promise
          return late
        }),
      )
      await vi.waitFor(() => expect(aborted).toBeDefined())
      expect(aborted?.aborted).toBe(false)
      await end(app)
      expect(await login).toEqual(ended(reason))
      expect(aborted?.reason).toEqual(ended(reason))
      const { token } = client.getState()
      answered.resolve()
      await vi.waitFor(() => expect(server.received(logout)).toMatchObject([{ token: late.token }]))
      expect(client.getState().token).toBe(token)
      expect(server.sessions.has(late.token)).toBe(false)
    },
  )

  it('has its token revoked where its answer is on its way, and sends nothing more', async () => {
    const { server, client } = await setUp()
    const held = deferred<() => void>()
    server.answer('POST /api/exchange', (response, request) => {
      const session = server.issue(ada.email)
      held.resolve(() => answers.json(session)(response, request))
    })
    const next = deferred<unknown>()
    const login = failure(
      client.login(async ({ fetch }) => {
        const response = await fetch(`${server.baseUrl}/exchange`, { method: 'POST' })
        const session = (await response.json()) as { token: string }
        next.resolve(await failure(fetch(`${server.baseUrl}/auth/user`)))
        return session
      }),
    )
    const answer = await held.promise
    await client.logout()
    expect(await login).toEqual(ended('logout'))
    expect(server.sessions.size).toBe(1)
    answer()
    expect(await next.promise).toEqual(ended('logout'))
    await vi.waitFor(() => expect(server.sessions.size).toBe(0))
    expect(client.getState().status).toBe('signed-out')
    expect(server.received('GET /api/auth/user')).toEqual([])
  })

  it('has the requests aborted that are given its signal', async () => {
    const { server, client } = await setUp()
    const { arrived, closed } = hang(server, 'GET /api/challenge')
    const login = failure(
      client.login(async ({ signal, fetch }) => {
        await fetch(`${server.baseUrl}/challenge`, { signal })
        return server.issue(ada.email)
      }),
    )
    await arrived
    await client.logout()
    expect(await login).toEqual(ended('logout'))
    await closed
    expect(server.sessions.size).toBe(0)
  })

  it.each<[string, (client: Client) => unknown]>([
    ['a logout', (client) => client.logout()],
    ['setSession', (client) => client.setSession({ token: 'next', user: { id: '2', email: bob.email } })],
  ])('by %s may be asked for again at once, and that one is left alone', async (_name, act) => {
    const { client } = await signedIn()
    const signals: AbortSignal[] = []
    const ask = () =>
      client
        .login(({ signal }) => {
          signals.push(signal)
          if (signals.length < 9) signal.addEventListener('abort', () => void ask())
          return new Promise<never>(() => {})
        })
        .catch(() => {})
    void ask()
    await act(client)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  })

  it('by a later login in another tab hears of it', async () => {
    const { server, ...app } = await setUp()
    const other = makeClient({ baseUrl: server.baseUrl })
    app.client.mount()
    other.client.mount()
    const late = server.issue(ada.email)
    const answered = deferred()
    const login = failure(app.client.login(() => answered.promise.then(() => late)))
    await new Promise((resolve) => setTimeout(resolve, 5))
    const { token } = await other.client.login(bob)
    await vi.waitFor(() => {
      window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
      expect(app.client.getState().token).toBe(token)
    })
    expect(await login).toEqual(ended('elsewhere'))
    answered.resolve()
    await vi.waitFor(() => expect(server.sessions.has(late.token)).toBe(false))
    expect(app.client.getState().token).toBe(token)
    app.client.unmount()
    other.client.unmount()
  })

  it('by a logout in another tab hears of it', async () => {
    const { server, ...app } = await setUp()
    const other = makeClient({ baseUrl: server.baseUrl })
    app.client.mount()
    other.client.mount()
    await other.client.login(bob)
    await vi.waitFor(() => {
      window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
      expect(app.client.getState().token).not.toBeNull()
    })
    const login = failure(app.client.login(() => new Promise(() => {})))
    await new Promise((resolve) => setTimeout(resolve, 5))
    await other.client.logout()
    expect(await login).toEqual(ended('elsewhere'))
    app.client.unmount()
    other.client.unmount()
  })
})

it('useLogin takes a function, and keeps nothing of it', async () => {
  const { server, ...app } = await setUp({ storage: memoryStorage() })
  const session = server.issue(ada.email)
  let login!: ReturnType<typeof useLogin>
  const App = () => {
    login = useLogin()
    return null
  }
  renderApp(app, <App />)
  act(() => login.mutate(async () => session))
  await waitFor(() => expect(login.isSuccess).toBe(true))
  expect(login.data).toEqual(session)
  expect(login.variables).toBeUndefined()
})

it('a second factor: the first answer is the data of the error, and the code is a login of its own', async () => {
  const { server, client } = await setUp()
  server.answer('POST /api/auth/login', answers.json({ ticket: 'mfa-1' }))
  server.answer('POST /api/auth/code', (response, request) => {
    const { ticket, code } = JSON.parse(request.body) as Record<string, string>
    const isRight = ticket === 'mfa-1' && code === '123456'
    const answer = isRight
      ? answers.json(server.issue(ada.email))
      : answers.json({ message: 'Wrong code' }, 401)
    answer(response, request)
  })
  const { data } = (await failure(client.login(ada))) as { data: { ticket: string } }
  const enter = (code: string) =>
    client.login(async ({ fetch }) => {
      const body = JSON.stringify({ ...data, code })
      const response = await fetch(`${server.baseUrl}/auth/code`, { method: 'POST', body })
      if (!response.ok) throw new Error('Wrong code')
      return (await response.json()) as { token: string }
    })
  await expect(enter('000000')).rejects.toThrow('Wrong code')
  await enter('123456')
  expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: ada.email } })
})
