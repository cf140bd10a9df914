import { act, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { useLogin, useRegister } from 'signoff'
import { answers, deferred, startApiServer, type ApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

type Options = Partial<Parameters<typeof makeClient>[0]>

const setUp = async (options: Options = {}) => {
  const server = await startApiServer()
  return { server, ...makeClient({ baseUrl: server.baseUrl, ...options }) }
}

const macrotask = () => new Promise((resolve) => setTimeout(resolve))

type App = ReturnType<typeof makeClient>

const ends: [string, (app: App, server: ApiServer) => unknown][] = [
  ['a logout', ({ client }) => client.logout()],
  ['another session', ({ client }, server) => client.setSession(server.issue(bob.email))],
  ['another login', ({ client }) => client.login(bob)],
  [
    'another tab’s login',
    async (app, server) => {
      const { client } = makeClient({ baseUrl: server.baseUrl })
      client.mount()
      const { token } = await client.login(bob)
      window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
      await waitFor(() => expect(app.client.getState().token).toBe(token))
      client.unmount()
    },
  ],
]

describe.each([
  ['useLogin', useLogin, 'POST /api/auth/login'],
  ['useRegister', useRegister, 'POST /api/auth/register'],
] as const)('%s', (_hook, useSession, route) => {
  it.each(ends)('that waits for its retry is not sent again after %s', async (_name, end) => {
    const { server, ...app } = await setUp()
    server.answer(route, (response, request) => {
      const isBob = request.body.includes(bob.email)
      const answer = isBob ? answers.json(server.issue(bob.email)) : answers.status(503)
      answer(response, request)
    })
    const waiting = deferred()
    let mutation!: ReturnType<typeof useLogin>
    const App = () => {
      mutation = useSession({
        retry: 1,
        retryDelay: () => {
          waiting.resolve()
          return 500
        },
      })
      return null
    }
    renderApp(app, <App />)
    act(() => mutation.mutate(ada))
    await act(() => waiting.promise)

    await act(async () => void (await end(app, server)))
    const { token } = app.client.getState()
    server.answer(route, answers.json(server.issue(ada.email)))
    await waitFor(() => expect(mutation.isPending).toBe(false))

    const sent = server.received(route).filter(({ body }) => body.includes(ada.email))
    expect(sent).toHaveLength(1)
    expect(app.client.getState().token).toBe(token)
    expect([mutation.data, mutation.variables]).toEqual([undefined, undefined])
  })

  it('holds neither user nor token after a logout, in whichever microtask after its answer that comes', async () => {
    const landings: boolean[] = []
    for (let microtasks = 0; microtasks < 40; microtasks += 1) {
      const answer = deferred<Response>()
      const app = makeClient({
        baseUrl: 'https://api.example.com',
        fetch: async (request) => (/login|register/.test(request.url) ? answer.promise : Response.json({})),
      })
      let mutation!: ReturnType<typeof useLogin>
      const App = () => {
        mutation = useSession()
        return null
      }
      const view = renderApp(app, <App />)
      act(() => mutation.mutate(ada))
      await act(macrotask)

      await act(async () => {
        answer.resolve(Response.json({ user: { id: '1', email: ada.email }, token: 'token-of-ada' }))
        for (let count = 0; count < microtasks; count += 1) await Promise.resolve()
        landings.push(app.client.getState().status === 'signed-in')
        void app.client.logout()
        await macrotask()
      })

      const left = app.queryClient.getMutationCache().getAll()
      expect(
        JSON.stringify([mutation.data, left.map(({ state }) => state)]),
        `after ${microtasks} microtasks`,
      ).not.toContain('ada')
      view.unmount()
    }
    expect([landings[0], landings.at(-1)]).toEqual([false, true])
  })
})

describe('a live token that no session came of', () => {
  it.each(['login', 'register'] as const)('is revoked when the user of %s fails the schema', async (name) => {
    const userSchema = z.object({ id: z.string(), email: z.string(), age: z.number() })
    const { server, client } = await setUp({ userSchema })
    await expect(client[name](ada)).rejects.toMatchObject({ name: 'RequestError', code: 'invalid-response' })
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([]))
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: null })
  })

  it.each([['ada'], [5], [true], [['ada']]])('is revoked when its user is %j', async (user) => {
    const { server, client } = await setUp({
      parseSession: (body) => ({ token: (body as { token: string }).token, user }),
    })
    await expect(client.login(ada)).rejects.toMatchObject({ code: 'invalid-response' })
    await vi.waitFor(() => expect([...server.sessions.keys()]).toEqual([]))
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it.each([
    ['the user is invalid', (token: string) => ({ token, user: 'ada' })],
    ['the user cannot be asked for', (token: string) => ({ token })],
  ])('is not revoked where the session that is on has it as well: %s', async (_name, makeBody) => {
    const { server, client } = await setUp()
    const { token } = await client.login(ada)
    server.answer('POST /api/auth/login', answers.json(makeBody(token)))
    server.answer('GET /api/auth/user', answers.status(422))
    await expect(client.login(ada)).rejects.toMatchObject({ name: 'RequestError' })
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    // A revocation would have been sent before the next request.
    await client.api('notes').catch(() => {})
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })
})

describe('a logout that is not confirmed yet when a login brings the same token again', () => {
  it('is not sent again when the browser is back online', async () => {
    let isOffline = false
    const { server, ...app } = await setUp({
      fetch: (request) => (isOffline ? Promise.reject(new TypeError('Failed to fetch')) : fetch(request)),
    })
    renderApp(app, null)
    const session = await act(() => app.client.login(ada))
    isOffline = true
    act(() => void window.dispatchEvent(new Event('offline')))
    expect(await act(() => app.client.logout())).toMatchObject({ error: { code: 'network' } })

    isOffline = false
    server.answer('POST /api/auth/login', answers.json(session))
    await act(() => app.client.login(ada))
    act(() => void window.dispatchEvent(new Event('online')))

    // What is sent now is sent before the next request.
    await act(() => app.client.api('notes').catch(() => {}))
    expect(server.received('POST /api/auth/logout')).toEqual([])
    expect(await app.client.api('notes').json()).toEqual([`private note of ${ada.email}`])
  })

  it('is not retried', async () => {
    const { server, client } = await setUp()
    const session = await client.login(ada)
    const refused = deferred()
    server.answer('POST /api/auth/logout', (response, request) => {
      answers.status(503, { 'Retry-After': '1' })(response, request)
      refused.resolve()
    })
    const leaving = client.logout()
    await refused.promise
    server.answer('POST /api/auth/login', answers.json(session))
    await client.login(ada)
    server.answer('POST /api/auth/logout', answers.status(204))

    await leaving

    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: session.token })
  })
})
