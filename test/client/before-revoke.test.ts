import { describe, expect, it, vi } from 'vitest'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'
import { signedIn } from '../support/requests.ts'

const logout = 'POST /api/auth/logout'
const push = 'DELETE /api/push'

const setUp = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  let origin = ''
  const beforeRevoke = vi.fn(async ({ fetch }: { fetch: typeof globalThis.fetch }): Promise<unknown> =>
    fetch(`${origin}/api/push`, { method: 'DELETE' }),
  )
  const app = await signedIn({ beforeRevoke, ...options })
  ;({ origin } = app.server)
  return { ...app, beforeRevoke }
}

const order = (server: Awaited<ReturnType<typeof startApiServer>>) =>
  server.requests.map(({ method, path, token }) => [`${method} ${path}`, token]).slice(1)

describe('what the app still owes the server', () => {
  it('goes with the old token, after everything here is forgotten and before the token is revoked', async () => {
    const { server, client, token, user, beforeRevoke } = await setUp()
    const result = client.logout()
    expect(client.getState().status).toBe('signed-out')
    expect(await result).toMatchObject({ revoked: true, token, user })
    expect(order(server)).toEqual([
      [push, token],
      [logout, token],
    ])
    expect(beforeRevoke).toHaveBeenCalledOnce()
    expect(beforeRevoke.mock.calls[0]?.[0]).toMatchObject({ reason: 'logout', user })
  })

  it('is answered before the token is revoked', async () => {
    const { server, client, token } = await setUp()
    const isAlive = vi.fn<(alive: boolean) => void>()
    server.answer(push, async (response, request) => {
      // Time enough for a logout that does not wait.
      for (let round = 0; round < 5; round += 1) await fetch(`${server.baseUrl}/announcements`)
      isAlive(server.sessions.has(token))
      answers.status(204)(response, request)
    })
    expect(await client.logout()).toMatchObject({ revoked: true })
    expect(isAlive.mock.calls).toEqual([[true]])
  })

  it('goes with the token of a session that another login replaces', async () => {
    const { server, client, token, beforeRevoke } = await setUp()
    await client.login(bob)
    await vi.waitFor(() => expect(server.received(logout)).toHaveLength(1))
    expect(order(server).slice(1)).toEqual([
      [push, token],
      [logout, token],
    ])
    expect(beforeRevoke.mock.calls[0]?.[0]).toMatchObject({ reason: 'replaced', user: { email: ada.email } })
  })

  it('is not asked for when the token is dead, or was of nobody', async () => {
    const { server, client, token, beforeRevoke } = await setUp()
    client.rejectToken(token)
    await client.logout()
    expect(beforeRevoke).not.toHaveBeenCalled()
    expect(order(server)).toEqual([])
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no worker')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no worker'))],
  ])('stops nothing where it %s', async (_name, beforeRevoke) => {
    const { client } = await setUp({ beforeRevoke })
    expect(await client.logout()).toMatchObject({ revoked: true })
    expect(vi.mocked(console.warn)).toHaveBeenCalledOnce()
    vi.mocked(console.warn).mockClear()
  })

  it('is waited for no longer than the timeout, in which logout() settles; then the token is revoked all the same', async () => {
    const { server, client, token } = await setUp({ beforeRevoke: () => new Promise(() => {}), timeout: 150 })
    server.answer(logout, answers.never)
    const start = performance.now()
    const result = await client.logout()
    expect(performance.now() - start).toBeLessThan(5000)
    expect(result).toMatchObject({ revoked: false, error: { name: 'RequestError', code: 'timeout' } })
    // Not of the request, which is sent after that time and has one of its own.
    expect(result.error?.message).toContain('own function')
    await vi.waitFor(() => expect(server.received(logout)).toMatchObject([{ token }]))
  })

  it('is not waited for when the page is left', async () => {
    const beforeRevoke = () => new Promise(() => {})
    const { server, client, token } = await setUp({ beforeRevoke, timeout: 3_600_000 })
    const result = client.logout()
    await Promise.resolve()
    window.dispatchEvent(new Event('pagehide'))
    await vi.waitFor(() => expect(server.received(logout)).toMatchObject([{ token }]))
    expect(await result).toMatchObject({ revoked: true })
  })

  it('does not carry the token to another origin', async () => {
    const other = await startApiServer()
    const { client, token } = await setUp({
      beforeRevoke: ({ fetch }) => fetch(`${other.baseUrl}/announcements`),
    })
    await client.logout()
    expect(other.requests).toHaveLength(1)
    expect(JSON.stringify(other.requests)).not.toContain(token)
  })

  it('whose answer is 401 ends nobody’s session', async () => {
    const { server, client, token } = await setUp()
    server.sessions.delete(token)
    const next = client.login(bob)
    await next
    await vi.waitFor(() => expect(server.received(logout)).toHaveLength(1))
    expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: bob.email } })
  })

  it('does not hold up the next login', async () => {
    const owed = deferred()
    const { server, client, token } = await setUp({ beforeRevoke: () => owed.promise })
    const out = client.logout()
    await client.login(bob)
    expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: bob.email } })
    owed.resolve()
    expect(await out).toMatchObject({ revoked: true, token })
    expect(server.received(logout)).toMatchObject([{ token }])
    expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: bob.email } })
  })
})
