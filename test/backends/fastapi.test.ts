import { describe, expect, it } from 'vitest'
import { createAuthClient, memoryStorage } from 'signoff'
import { QueryClient } from '@tanstack/react-query'
import { failure } from '../support/requests.ts'
import { backends, noteOf } from './backends.ts'
import { setUpBackend } from './setUpBackend.ts'

const backend = backends.find(({ name }) => name === 'FastAPI')

describe.skipIf(!backend?.start)('FastAPI', () => {
  if (!backend) return
  const { getClient, getGateway, logIn, carried } = setUpBackend(backend)

  it('is sent the password as a form, and nothing but it', async () => {
    await logIn('ada')
    const [{ headers, body } = { headers: {}, body: '' }] = getGateway().requests
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'password',
      ...backend.credentials('ada'),
    })
  })

  it('may say that a right is missing, by the status of a dead token', async () => {
    const { token } = await logIn('ada')
    const answer = await getClient().fetch(`${getGateway().origin}/users/`)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toEqual({ detail: "The user doesn't have enough privileges" })
    expect(getClient().getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('redirects to the path with the slash, and the token follows', async () => {
    const { token } = await logIn('ada')
    expect(await getClient().api.get('notes').json()).toEqual([noteOf('ada')])
    expect(carried('GET /notes')).toEqual([`Bearer ${token}`])
    expect(carried('GET /notes/')).toEqual([`Bearer ${token}`])
  })

  it('is not sent a password where it redirects the login, which says so', async () => {
    const client = createAuthClient({
      baseUrl: getGateway().origin,
      queryClient: new QueryClient(),
      storage: memoryStorage(),
      endpoints: { login: { path: 'token/', encoding: 'form' } },
    })
    const error = await failure(client.login(backend.credentials('ada')))
    expect(String(error)).toContain('credentials follow no redirect')
    expect(getGateway().requests.map(({ route }) => route)).toEqual(['POST /token/'])
  })
})
