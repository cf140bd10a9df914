import { describe, expect, it, vi } from 'vitest'
import { ended, failure } from '../support/requests.ts'
import { backends, noteOf } from './backends.ts'
import { setUpBackend } from './setUpBackend.ts'

describe.each(backends)('$name', (backend) => {
  describe.skipIf(!backend.start)('on a server of its own', () => {
    const { credentials, userOf, carry, routes, ends } = backend
    const { getClient, getGateway, reload, settled, logIn, readNotes, isAlive, carried, post } =
      setUpBackend(backend)
    const user = userOf('ada')

    it('logs in, restores the session after a reload, and fetches what is private', async () => {
      const session = await logIn('ada')
      expect(session).toEqual({ user, token: expect.any(String) })
      await reload()
      expect(await settled()).toEqual({ status: 'signed-in', ...session })
      expect(await readNotes()).toEqual([noteOf('ada')])
      expect(carried('GET /notes/')).toEqual([carry(session.token)])
      expect(carried(routes.login)).toEqual([undefined])
    })

    it('says what the API answered to a wrong password', async () => {
      const login = getClient().login({ ...credentials('ada'), password: 'wrong' })
      expect(await failure(login)).toMatchObject({
        name: 'RequestError',
        code: 'http',
        data: expect.any(Object),
      })
      expect(getClient().getState().status).toBe('signed-out')
      expect(localStorage).toHaveLength(0)
    })

    it(`logs out, which ends ${ends} on the server`, async () => {
      const { token } = await logIn('ada')
      const logout = getClient().logout()
      expect(getClient().getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
      expect(localStorage).toHaveLength(0)
      expect(await logout).toMatchObject({ user, token, revoked: ends !== 'nothing', error: null })
      expect(await isAlive(token)).toBe(ends !== 'the token')
      await reload()
      expect(getClient().getState().status).toBe('signed-out')
    })

    it('hands nothing over that the server had answered before the logout', async () => {
      await logIn('ada')
      const held = getGateway().hold('GET /notes/')
      const notes = failure(readNotes())
      await held.answered
      await getClient().logout()
      expect(await notes).toEqual(ended('logout'))
      await held.closed
      held.release()
      expect(getClient().getState().status).toBe('signed-out')
      expect(localStorage).toHaveLength(0)
    })

    it('drops a login that is answered after a logout, and revokes its token', async () => {
      const held = getGateway().hold(routes.login)
      const login = failure(logIn('ada'))
      await held.answered
      await getClient().logout()
      held.release()
      expect(await login).toEqual(ended('logout'))
      expect(getClient().getState().status).toBe('signed-out')
      expect(localStorage).toHaveLength(0)
      if (!routes.logout) return
      await vi.waitFor(() => expect(carried(routes.logout)).toHaveLength(1))
      const token = carried(routes.logout)[0]?.replace(/^\w+ /, '') ?? ''
      await vi.waitFor(async () => expect(await isAlive(token)).toBe(ends !== 'the token'))
    })

    it('ends where the server refuses the token, without a logout request', async () => {
      await logIn('ada')
      await post('/testing/end')
      expect(await failure(readNotes())).toEqual(ended('rejected'))
      expect(getClient().getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
      expect(localStorage).toHaveLength(0)
      expect(carried(routes.logout)).toEqual([])
    })

    it('ends where the server refuses the token that was stored', async () => {
      await logIn('ada')
      await post('/testing/end')
      await reload()
      // Where the token itself tells the user, the first request says that it is dead.
      await readNotes().catch(() => {})
      expect(await settled()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
      expect(localStorage).toHaveLength(0)
    })

    it('shows the next user what is theirs, and sends nothing of the one before', async () => {
      const { token } = await logIn('ada')
      await readNotes()
      await getClient().logout()
      const before = getGateway().requests.length
      expect(await logIn('bob')).toMatchObject({ user: userOf('bob') })
      expect(await readNotes()).toEqual([noteOf('bob')])
      expect(JSON.stringify(getGateway().requests.slice(before))).not.toContain(token)
    })

    it('replaces the session by the login of another user, and revokes what it had', async () => {
      const { token } = await logIn('ada')
      const held = getGateway().hold('GET /notes/')
      const notes = failure(readNotes())
      await held.answered
      await logIn('bob')
      expect(await notes).toEqual(ended('replaced'))
      held.release()
      expect(await readNotes()).toEqual([noteOf('bob')])
      await vi.waitFor(() => expect(carried(routes.logout)).toEqual(routes.logout ? [carry(token)] : []))
      await vi.waitFor(async () => expect(await isAlive(token)).toBe(ends !== 'the token'))
    })
  })
})
