import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { installLocks } from '../refresh/installLocks.ts'
import { ended, failure } from '../support/requests.ts'
import { backends, noteOf } from './backends.ts'
import { setUpBackend } from './setUpBackend.ts'

const backend = backends.find(({ name }) => name === 'Simple JWT')
const rotating = backends.find(({ name }) => name === 'Simple JWT with rotation')

const readRefreshToken = (): string =>
  (JSON.parse(localStorage.getItem('token') ?? '') as { refreshToken: string }).refreshToken

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
    await post('/token/blacklist/', { refresh: readRefreshToken() })
    await post('/testing/expire')
    expect(await failure(readNotes())).toEqual(ended('rejected'))
    expect(localStorage).toHaveLength(0)
  })

  it.each([-86_400_000, 86_400_000])(
    'logs in and goes on where the clock of the device is wrong by %s ms',
    async (offset) => {
      const now = Date.now.bind(Date)
      const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + offset)
      onTestFinished(() => clock.mockRestore())
      expect(await logIn('ada')).toMatchObject({ user: backend.userOf('ada') })
      await post('/testing/expire')
      expect(await readNotes()).toEqual([noteOf('ada')])
      await reload()
      expect(await settled()).toMatchObject({ status: 'signed-in', user: backend.userOf('ada') })
      expect(await readNotes()).toEqual([noteOf('ada')])
    },
  )
})

describe.skipIf(!rotating?.start)('Simple JWT with rotation', () => {
  if (!rotating) return
  const { getClient, getGateway, openTab, logIn, readNotes, post } = setUpBackend(rotating)

  beforeEach(installLocks)

  const refreshes = () => getGateway().requests.filter(({ route }) => route === 'POST /token/refresh/')
  /** Asks the server, past signoff. */
  const isRefreshable = async (refresh: string) => (await post('/token/refresh/', { refresh })).ok

  it('brings another refresh token with each refresh, and the one before is on the blacklist', async () => {
    await logIn('ada')
    const { signal } = getClient().getSession()
    const seen = [readRefreshToken()]
    for (let round = 1; round <= 3; round += 1) {
      await post('/testing/expire')
      expect(await readNotes()).toEqual([noteOf('ada')])
      expect(refreshes()).toHaveLength(round)
      seen.push(readRefreshToken())
    }
    expect(new Set(seen).size).toBe(4)
    expect(signal.aborted).toBe(false)
    expect(await Promise.all(seen.slice(0, 3).map(isRefreshable))).toEqual([false, false, false])
    expect(refreshes().map(({ body }) => (JSON.parse(body) as { refresh: string }).refresh)).toEqual(
      seen.slice(0, 3),
    )
  })

  it('is asked once where two tabs find their token expired, and none is signed out', async () => {
    await logIn('ada')
    const other = await openTab()
    for (let round = 1; round <= 3; round += 1) {
      await post('/testing/expire')
      const asked = [readNotes(), other.api.get('notes/').json()]
      expect(await Promise.all(asked)).toEqual([[noteOf('ada')], [noteOf('ada')]])
      expect(refreshes()).toHaveLength(round)
      expect(other.getState()).toEqual(getClient().getState())
    }
  })

  it('has no refresh token left that works after a logout, though a refresh was under way in the other tab', async () => {
    await logIn('ada')
    const first = readRefreshToken()
    const other = await openTab()
    await post('/testing/expire')
    const held = getGateway().hold('POST /token/refresh/')
    const notes = failure(other.api.get('notes/').json())
    await held.answered
    const logout = getClient().logout()
    expect(await notes).toEqual(ended('elsewhere'))
    expect(localStorage).toHaveLength(0)
    held.release()
    await logout
    const revoked = () =>
      getGateway()
        .requests.filter(({ route }) => route === 'POST /token/blacklist/')
        .map(({ body }) => (JSON.parse(body) as { refresh: string }).refresh)
    await vi.waitFor(() => expect(new Set(revoked()).size).toBe(2))
    await vi.waitFor(async () => {
      const alive = await Promise.all([first, ...revoked()].map(isRefreshable))
      expect(alive.every((each) => !each)).toBe(true)
    })
    expect(other.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
    expect(localStorage).toHaveLength(0)
  })

  it('revokes the newest refresh token where the access token has expired by the time of the logout', async () => {
    await logIn('ada')
    await post('/testing/expire')
    await readNotes()
    const newest = readRefreshToken()
    await post('/testing/expire')
    expect(await getClient().logout()).toMatchObject({ revoked: true, error: null })
    expect(await isRefreshable(newest)).toBe(false)
  })

  it('ends where a refresh token was used on another device, which goes on', async () => {
    await logIn('ada')
    const { refresh } = (await (await post('/token/refresh/', { refresh: readRefreshToken() })).json()) as {
      refresh: string
    }
    await post('/testing/expire')
    expect(await failure(readNotes())).toEqual(ended('rejected'))
    expect(localStorage).toHaveLength(0)
    // Simple JWT refuses the second use, and ends nothing.
    expect(await isRefreshable(refresh)).toBe(true)
  })
})
