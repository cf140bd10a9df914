// @vitest-environment node
import { expect, it } from 'vitest'
import { memoryStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, makeClient } from '../support/renderApp.tsx'

it('is one POST with the token on it and no body, survives the page, and follows no redirect', async () => {
  const server = await startApiServer()
  const sent: Request[] = []
  const { client } = makeClient({
    baseUrl: server.baseUrl,
    storage: memoryStorage(),
    fetch: (request) => {
      sent.push(request.clone())
      return fetch(request)
    },
  })
  const { token } = await client.login(ada)
  sent.length = 0

  await client.logout()

  expect(sent).toHaveLength(1)
  const [request] = sent
  expect(request).toMatchObject({ method: 'POST', keepalive: true, redirect: 'error', body: null })
  expect(request?.headers.get('Authorization')).toBe(`Bearer ${token}`)
  expect(request?.url).toBe(`${server.baseUrl}/auth/logout`)
  expect(server.received('POST /api/auth/logout')[0]?.body).toBe('')
})

it('hands no dead token to the app’s own `fetch`: not one that was about to be checked', async () => {
  const server = await startApiServer()
  const storage = memoryStorage()
  const { token } = server.issue(ada.email)
  storage.set(token)
  const sent: string[] = []
  const { client } = makeClient({
    baseUrl: server.baseUrl,
    storage,
    fetch: (request) => {
      sent.push(new URL(request.url).pathname)
      return fetch(request)
    },
  })
  client.mount()
  await client.logout()
  client.unmount()
  expect(sent).toEqual(['/api/auth/logout'])
})

it('is not sent where the API has no logout endpoint: the result claims nothing, and everything else is done', async () => {
  const server = await startApiServer()
  const storage = memoryStorage()
  const sent: string[] = []
  const { client } = makeClient({
    baseUrl: server.baseUrl,
    storage,
    endpoints: { logout: null },
    fetch: (request) => {
      sent.push(new URL(request.url).pathname)
      return fetch(request)
    },
  })
  const { user, token } = await client.login(ada)
  // Nor is the token of a session that another replaces.
  const second = await client.login(ada)

  const result = await client.logout()

  expect(result).toEqual({
    user,
    token: second.token,
    status: 0,
    statusText: '',
    error: null,
    revoked: false,
  })
  expect(second.token).not.toBe(token)
  expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
  expect(storage.get()).toBeNull()
  expect(sent).toEqual(['/api/auth/login', '/api/auth/login'])
})

it.each([
  { credentials: undefined, expected: 'same-origin' },
  { credentials: 'omit' as const, expected: 'omit' },
])(
  'goes out with the credentials $credentials like every other request',
  async ({ credentials, expected }) => {
    const server = await startApiServer()
    const sent: string[] = []
    const { client } = makeClient({
      baseUrl: server.baseUrl,
      storage: memoryStorage(),
      ...(credentials && { credentials }),
      fetch: (request) => {
        sent.push(request.credentials)
        return fetch(request)
      },
    })
    await client.login(ada)
    await client.api.get('notes').json()
    await client.logout()
    expect(sent).toEqual([expected, expected, expected])
  },
)
