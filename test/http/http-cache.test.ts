// @vitest-environment node
import { expect, it } from 'vitest'
import { memoryStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, makeClient } from '../support/renderApp.tsx'

it('nothing that carries a session is taken from the HTTP cache, or kept in it', async () => {
  const server = await startApiServer()
  const caches: Record<string, RequestCache> = {}
  const { client, queryClient } = makeClient({
    baseUrl: server.baseUrl,
    storage: memoryStorage(),
    guests: true,
    beforeRevoke: ({ fetch: say }) => say(`${server.baseUrl}/push`, { cache: 'force-cache' }),
    fetch: (request) => {
      caches[`${request.method} ${new URL(request.url).pathname}`] = request.cache
      return fetch(request)
    },
  })
  const { token } = await client.login(ada)
  await client.api('notes', { cache: 'force-cache' })
  await client.fetch(`${server.baseUrl}/tags`, { cache: 'force-cache' })
  await client.getSession().api.put('drafts')
  client.setSession({ token, user: { id: '1', email: ada.email } })
  await queryClient.fetchQuery(client.userOptions)
  await client.logout()
  await client.api('announcements', { cache: 'force-cache' })
  await client.login(async ({ fetch: ask }) => {
    await ask(`${server.baseUrl}/code`, { cache: 'force-cache' })
    return server.issue(ada.email)
  })
  expect(caches).toEqual({
    'POST /api/auth/login': 'no-store',
    'GET /api/notes': 'no-store',
    'GET /api/tags': 'no-store',
    'PUT /api/drafts': 'no-store',
    'GET /api/auth/user': 'no-store',
    'GET /api/push': 'no-store',
    'POST /api/auth/logout': 'no-store',
    'GET /api/announcements': 'no-store',
    'GET /api/code': 'no-store',
  })
})
