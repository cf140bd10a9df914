// @vitest-environment node
import { expect, it, vi } from 'vitest'
import { asyncStorage, memoryStorage, webStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { openDisk } from '../support/openDisk.ts'
import { ada, makeClient } from '../support/renderApp.tsx'

const baseUrl = 'https://api.example.com'

it.each([
  ['its default storage', {}],
  ['a web storage of its own', { storage: webStorage('session', 'session') }],
])('on a server, a client with %s does not know who is signed in', (_name, options) => {
  const { client } = makeClient({ baseUrl, ...options })
  expect(client.getState()).toEqual({ status: 'restoring', user: null, token: null })
  expect(client.getState()).toBe(client.getState())
})

it('a client with a storage of the app’s own knows, wherever it is', () => {
  const { client } = makeClient({ baseUrl, storage: memoryStorage() })
  expect(client.getState()).toMatchObject({ status: 'signed-out', reason: null })
})

it('where there is no document, a client that is mounted knows that nobody is signed in, and tells it', () => {
  const { client } = makeClient({ baseUrl })
  const states: string[] = []
  client.subscribe(() => states.push(client.getState().status))
  expect(client.getState().status).toBe('restoring')
  client.mount()
  expect(states).toEqual(['signed-out'])
  client.unmount()
})

it('where there is no document, a client with an asynchronous storage reads it, and removes the token at logout', async () => {
  const server = await startApiServer()
  const { user, token } = server.issue(ada.email)
  const disk = openDisk({ token })
  const { client } = makeClient({ baseUrl: server.baseUrl, storage: asyncStorage(disk.storage) })
  client.mount()
  expect(client.getState()).toEqual({ status: 'restoring', user: null, token: null })
  await vi.waitFor(() => expect(client.getState()).toEqual({ status: 'signed-in', user, token }))
  await client.logout()
  expect([...disk.stored]).toEqual([])
  client.unmount()
})

it('a login where there is no document signs in, and its logout out', async () => {
  const server = await startApiServer()
  const { client } = makeClient({ baseUrl: server.baseUrl })
  expect(client.getState().status).toBe('restoring')
  await client.login(ada)
  expect(client.getState().status).toBe('signed-in')
  await client.logout()
  expect(client.getState().status).toBe('signed-out')
  // That there is nowhere to store a token.
  expect(console.warn).toHaveBeenCalledOnce()
  vi.mocked(console.warn).mockClear()
})

it('requests on a server are refused as nobody’s', async () => {
  const { client } = makeClient({ baseUrl })
  await expect(client.api('notes')).rejects.toMatchObject({ name: 'SignedOutError' })
})
