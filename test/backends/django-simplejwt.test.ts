import { describe, expect, it } from 'vitest'
import { backends } from './backends.ts'
import { setUpBackend } from './setUpBackend.ts'

const backend = backends.find(({ recipe }) => recipe === 'django-simplejwt')

describe.skipIf(!backend?.start)('Simple JWT', () => {
  if (!backend) return
  const { getClient, getGateway, logIn, reload, settled, post } = setUpBackend(backend)

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

  it('sends the refresh token to nothing but the logout, and stores it nowhere', async () => {
    await logIn('ada')
    const stored = JSON.stringify(localStorage)
    await getClient().api.get('notes/')
    await getClient().logout()
    const [{ refresh = '' } = {}] = sentToBlacklist()
    expect(refresh).toMatch(/^ey/)
    expect(stored).not.toContain(refresh)
    const others = getGateway().requests.filter(({ route }) => route !== 'POST /token/blacklist/')
    expect(JSON.stringify(others)).not.toContain(refresh)
  })

  it('is told nothing that it could put on the blacklist after a reload, and the result says so', async () => {
    const { token } = await logIn('ada')
    await reload()
    await settled()
    expect(await getClient().logout()).toMatchObject({ token, revoked: false, error: { status: 400 } })
    expect(localStorage).toHaveLength(0)
  })
})
