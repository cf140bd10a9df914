import { QueryClient } from '@tanstack/react-query'
import { afterEach, expect, it } from 'vitest'
import { openPage } from '../support/page.ts'
import { ada } from '../support/renderApp.tsx'

afterEach(() => document.querySelector('base')?.remove())

it('a `<base>` of another origin gets neither password nor token', async () => {
  const { server } = await openPage('/app/')
  const base = document.createElement('base')
  base.href = 'https://elsewhere.example/'
  document.head.append(base)
  const { createAuthClient } = await import('signoff')
  const urls: string[] = []
  const client = createAuthClient({
    baseUrl: '/api',
    queryClient: new QueryClient(),
    fetch: (request) => {
      urls.push(request.url)
      return fetch(request)
    },
  })
  await client.login(ada)
  await client.api('notes')
  await client.logout()
  expect(urls).toEqual(['auth/login', 'notes', 'auth/logout'].map((path) => `${server.baseUrl}/${path}`))
  expect(server.received('GET /api/notes')).toMatchObject([{ token: expect.any(String) }])
})
