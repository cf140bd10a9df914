// @vitest-environment node
import { expect, it } from 'vitest'
import { memoryStorage } from 'signoff'
import { startApiServer } from './apiServer.ts'
import { ada, makeClient } from './renderApp.tsx'

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
