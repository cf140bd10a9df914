import { describe, expect, it } from 'vitest'
import { ended, failure } from '../support/requests.ts'
import { backends, noteOf } from './backends.ts'
import { setUpBackend } from './setUpBackend.ts'

const backend = backends.find(({ recipe }) => recipe === 'django-simplejwt')

describe.skipIf(!backend?.start)('Simple JWT', () => {
  if (!backend) return
  const { getClient, getGateway, logIn, readNotes, reload, settled, post } = setUpBackend(backend)

  const sentToBlacklist = () =>
    getGateway()
      .requests.filter(({ route }) => route === 'POST /token/blacklist/')
      .map(({ body }) => JSON.parse(body) as { refresh?: string })

  it('makes no access token any more with what a logout has put on the blacklist, and goes on elsewhere', async () => {
    const answer = await post('/token/', backend.credentials('ada'))
    const elsewhere = ((await answer.json()) as { refresh: string }).refresh
    await logIn('ada')
    await getClient().logout()
    const [{ refresh = '' } = {}] = sentToBlacklist()
    const refused = await post('/token/refresh/', { refresh })
    expect([refused.status, await refused.json()]).toEqual([
      401,
      { detail: 'Token is blacklisted', code: 'token_not_valid' },
    ])
    expect((await post('/token/refresh/', { refresh: elsewhere })).ok).toBe(true)
  })

  it('sends the refresh token to nothing but the logout', async () => {
    await logIn('ada')
    await getClient().api.get('notes/')
    await getClient().logout()
    const [{ refresh = '' } = {}] = sentToBlacklist()
    expect(refresh).toMatch(/^ey/)
    const others = getGateway().requests.filter(({ route }) => route !== 'POST /token/blacklist/')
    expect(JSON.stringify(others)).not.toContain(refresh)
  })

  it('puts it on the blacklist after a reload too', async () => {
    const { token } = await logIn('ada')
    await reload()
    await settled()
    expect(await getClient().logout()).toMatchObject({ token, revoked: true, error: null })
    const [{ refresh = '' } = {}] = sentToBlacklist()
    expect((await post('/token/refresh/', { refresh })).status).toBe(401)
    expect(localStorage).toHaveLength(0)
  })

  it('goes on with a new access token where the old one has expired, in the same session', async () => {
    const { token } = await logIn('ada')
    const session = getClient().getSession()
    await post('/testing/expire')
    expect(await readNotes()).toEqual([noteOf('ada')])
    expect(getClient().getSession()).toBe(session)
    expect(getClient().getState().token).not.toBe(token)
    const sent = getGateway().requests.map(({ route }) => route)
    expect(sent).toEqual(['POST /token/', 'GET /notes/', 'POST /token/refresh/', 'GET /notes/'])
  })

  it('restores a session whose access token has expired', async () => {
    await logIn('ada')
    const stored = JSON.parse(localStorage.getItem('token') ?? '') as { token: string }
    const expired = await (await post('/testing/expired')).json()
    getClient().unmount()
    localStorage.setItem('token', JSON.stringify({ ...stored, token: expired }))
    await reload()
    expect(await settled()).toMatchObject({ status: 'signed-in', user: backend.userOf('ada') })
    expect(await readNotes()).toEqual([noteOf('ada')])
  })

  it('ends where the refresh token was put on the blacklist elsewhere', async () => {
    await logIn('ada')
    const { refreshToken } = JSON.parse(localStorage.getItem('token') ?? '') as { refreshToken: string }
    await post('/token/blacklist/', { refresh: refreshToken })
    await post('/testing/expire')
    expect(await failure(readNotes())).toEqual(ended('rejected'))
    expect(localStorage).toHaveLength(0)
  })
})
