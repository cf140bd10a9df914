import '../support/bare.ts'
import { expect, it, onTestFinished, vi } from 'vitest'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'

/*
 * A platform that has `AbortSignal.any`, and else only signals that know neither reason nor `throwIfAborted`: so Expo makes
 * React Native one from its SDK 56 on. ky takes `any` for a sign of the others.
 */

/** Aborted with the first of its signals. */
const any = (signals: AbortSignal[]): AbortSignal => {
  const controller = new AbortController()
  const abort = () => controller.abort()
  for (const signal of signals) {
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
  }
  return controller.signal
}

const signIn = async () => {
  Object.assign(AbortSignal, { any })
  onTestFinished(() => void Reflect.deleteProperty(AbortSignal, 'any'))
  // ky looks once, when it is loaded.
  vi.resetModules()
  const { ada, makeClient } = await import('../support/renderApp.tsx')
  const server = await startApiServer()
  const { client } = makeClient({ baseUrl: server.baseUrl })
  await client.login(ada)
  return { server, client }
}

it('tries a request again that the API is too busy for', async () => {
  const { server, client } = await signIn()
  let isBusy = true
  server.answer('GET /api/notes', (...given) => {
    answers.json(isBusy ? {} : ['note'], isBusy ? 503 : 200)(...given)
    isBusy = false
  })
  expect(await client.api.get('notes').json()).toEqual(['note'])
  expect(server.received('GET /api/notes')).toHaveLength(2)
})

it('rejects a request that waits to be tried again when the session ends', async () => {
  const { server, client } = await signIn()
  const asked = deferred()
  server.answer('GET /api/notes', (...given) => {
    answers.status(503, { 'Retry-After': '60' })(...given)
    asked.resolve()
  })
  const failing = client.api
    .get('notes')
    .json()
    .catch((error: unknown) => error)
  await asked.promise
  await client.logout()
  expect(await failing).toMatchObject({ name: 'SessionEndedError', reason: 'logout' })
})

it('its signals can be asked whether they are aborted', async () => {
  const { client } = await signIn()
  const { signal } = client.getSession()
  expect(signal.throwIfAborted()).toBeUndefined()
  await client.logout()
  expect(() => signal.throwIfAborted()).toThrow(expect.objectContaining({ name: 'SessionEndedError' }))
})
