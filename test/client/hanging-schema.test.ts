// @vitest-environment node
import { expect, it, onTestFinished, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { startApiServer, type TestUser } from '../support/apiServer.ts'
import { ada, makeClient } from '../support/renderApp.tsx'

const timeout = 1000

const userSchema = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: (): Promise<{ value: TestUser }> => new Promise(() => {}),
  },
}

const start = async () => {
  const server = await startApiServer()
  const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage(), userSchema, timeout })
  return { server, client }
}

it('a schema that never settles keeps no logout pending', async () => {
  const { server, client } = await start()
  client.setSession(server.issue(ada.email))
  const { token } = client.getState()
  const since = performance.now()
  const result = await client.logout()
  expect(result).toMatchObject({ token, revoked: true, user: { email: ada.email } })
  // Generous, but less than the time-outs of the request and of the schema one after the other would be on any machine.
  expect(performance.now() - since).toBeGreaterThanOrEqual(timeout - 50)
})

it('a schema that never settles gets only the time that a slow answer has left', async () => {
  const session = { token: 'token-of-ada', user: { id: 'ada', email: ada.email } }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { client } = makeClient({
    baseUrl: 'https://api.example.com',
    storage: memoryStorage(),
    userSchema,
    timeout,
    fetch: () => new Promise((resolve) => setTimeout(() => resolve(Response.json(session)), timeout * 0.75)),
  })
  client.setSession(session)
  const result = client.logout()
  await vi.advanceTimersByTimeAsync(timeout)
  vi.useRealTimers()
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), 5000))
  expect(await Promise.race([result, late])).toMatchObject({ ...session, revoked: true })
})

it('a schema that never settles lets a login fail, and its token is revoked', async () => {
  const { server, client } = await start()
  await expect(client.login(ada)).rejects.toMatchObject({ name: 'RequestError', code: 'timeout' })
  await expect.poll(() => server.sessions.size).toBe(0)
  expect(client.getState().status).toBe('signed-out')
})
