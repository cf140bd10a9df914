import { expect, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { type ApiServer, deferred, startApiServer } from './apiServer.ts'
import { ada, makeClient } from './renderApp.tsx'

/** A client with Ada signed in, and its server. */
export const signedIn = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const onSignOut = vi.fn()
  const app = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage(), onSignOut, ...options })
  const session = await app.client.login(ada)
  return { server, onSignOut, notes: `${server.baseUrl}/notes`, ...app, ...session }
}

/** The error that a promise rejects with. */
export const failure = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    (value) => expect.fail(`resolved with ${String(value)}`),
    (error: unknown) => error,
  )

export const ended = (reason: string) => expect.objectContaining({ name: 'SessionEndedError', reason })

/**
 * Lets a route hang: it answers nothing, or the beginning of a body.
 *
 * @returns When a request has arrived, and when its connection was closed.
 */
export const hang = (server: ApiServer, route: string, beginning?: string) => {
  const arrived = deferred()
  const closed = deferred()
  server.answer(route, (response) => {
    response.on('close', closed.resolve)
    if (beginning !== undefined) {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.write(beginning)
    }
    arrived.resolve()
  })
  return { arrived: arrived.promise, closed: closed.promise }
}
