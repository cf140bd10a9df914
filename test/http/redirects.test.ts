// @vitest-environment node
import { expect, it, onTestFinished, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, makeClient } from '../support/renderApp.tsx'

// FastAPI and Django answer so for a path without its slash.
const toSlash = (path: string) => answers.status(307, { Location: `${path}/` })

it('a login that the API redirects says so, and delivers no password there', async () => {
  const server = await startApiServer()
  server.answer('POST /api/auth/login', toSlash('/api/auth/login'))
  const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
  await expect(client.login(ada)).rejects.toMatchObject({
    code: 'http',
    status: 0,
    message: expect.stringMatching(/^POST auth\/login was redirected.*slash/),
  })
  expect(server.requests.map(({ path }) => path)).toEqual(['/api/auth/login'])
})

it('a login that the API redirects says so in a browser too, which tells nothing of where it leads', async () => {
  const opaque = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' })
  const send = vi.fn(async () => opaque)
  vi.stubGlobal('fetch', send)
  onTestFinished(() => void vi.unstubAllGlobals())
  const { client } = makeClient({ baseUrl: 'https://api.example.com', storage: memoryStorage() })
  await expect(client.login(ada)).rejects.toMatchObject({
    code: 'http',
    status: 0,
    message: expect.stringContaining('was redirected'),
  })
  expect(send).toHaveBeenCalledExactlyOnceWith(
    expect.any(Request),
    expect.objectContaining({ redirect: 'manual' }),
  )
})

it('a logout that the API redirects is reported, and not sent again and again', async () => {
  const server = await startApiServer()
  server.answer('POST /api/auth/logout', toSlash('/api/auth/logout'))
  const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
  await client.login(ada)
  const { revoked, error } = await client.logout()
  expect(revoked).toBe(false)
  expect(error).toMatchObject({ code: 'http', message: expect.stringContaining('was redirected') })
  expect(server.received('POST /api/auth/logout')).toHaveLength(1)
})

it.each([
  ['out of the API', 'http://127.0.0.1:9/elsewhere', 'signed-in'],
  ['within the API', undefined, 'signed-out'],
])('a refusal after a redirect %s, of which the platform tells only the address', async (_, to, status) => {
  const server = await startApiServer()
  const { client } = makeClient({
    baseUrl: server.baseUrl,
    storage: memoryStorage(),
    fetch: async (request) => {
      const response = await fetch(request)
      const url = { value: to ?? `${response.url}/` }
      return Object.defineProperties(response, { redirected: { value: undefined }, url })
    },
  })
  await client.login(ada)
  server.answer('GET /api/notes', answers.status(401))
  await client.fetch(`${server.baseUrl}/notes`).catch(() => {})
  expect(client.getState().status).toBe(status)
})
