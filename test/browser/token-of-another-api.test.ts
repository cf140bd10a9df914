import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { RequestError, webStorage } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { startApiServer, type ApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

/** A page that its user opens, of an app that keeps its token where every app does. */
const open = (
  { baseUrl }: Pick<ApiServer, 'baseUrl'>,
  options: Partial<Parameters<typeof makeClient>[0]> = {},
) => {
  const { client } = makeClient({ baseUrl, ...options })
  onTestFinished(client.mount())
  return client
}

const look = () => window.dispatchEvent(new Event('focus'))

let own: ApiServer
let other: ApiServer
beforeEach(async () => {
  own = await startApiServer()
  other = await startApiServer()
})

it.each(['local', 'session'] as const)('in %sStorage is neither sent nor removed', async (kind) => {
  const { token } = await open(own, { storage: webStorage(kind) }).login(ada)
  const client = open(other, { storage: webStorage(kind) })
  expect(client.getState()).toMatchObject({ status: 'signed-out', token: null })
  await client.logout()
  await expect(client.login({ ...bob, password: 'wrong' })).rejects.toBeInstanceOf(RequestError)
  expect(other.requests.map((request) => request.token)).toEqual([undefined])
  expect(window[`${kind}Storage`].getItem('token')).toBe(token)
  expect(open(own, { storage: webStorage(kind) }).getState()).toMatchObject({ status: 'restoring', token })
})

it('is replaced by a login, and revoked by those to whom it belonged', async () => {
  const first = open(own)
  const { token } = await first.login(ada)
  const second = open(other)
  const session = await second.login(bob)
  expect(localStorage.getItem('token')).toBe(session.token)
  look()
  expect(first.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
  expect(second.getState()).toMatchObject({ status: 'signed-in', token: session.token })
  await vi.waitFor(() => expect(own.sessions.size).toBe(0))
  expect(own.requests.map((request) => request.token)).not.toContain(session.token)
  expect(other.requests.map((request) => request.token)).not.toContain(token)
})

it('leaves with all else that its owner signs out of, and stays where another app signs out', async () => {
  const first = open(own)
  await first.login(ada)
  const second = open(other)
  await second.login(bob)
  look()
  const { token } = await first.login(ada)
  look()
  expect(second.getState().status).toBe('signed-out')
  expect(localStorage.getItem('token')).toBe(token)
  localStorage.setItem('draft', 'private')
  await first.logout()
  expect(localStorage.length).toBe(0)
})

it.each(['everything', 'token'] as const)(
  'goes with all that says whose it was, with clearStorage %s',
  async (clearStorage) => {
    const client = open(own, { clearStorage })
    const { token } = await client.login(ada)
    const { token: stored, ...owner } = { ...localStorage } as Record<string, string>
    expect(stored).toBe(token)
    expect(Object.keys(owner)).toHaveLength(1)
    expect(JSON.stringify(owner)).not.toMatch(/ada/)
    await client.logout()
    expect(localStorage.length).toBe(0)
  },
)

it('is taken if nobody says whose it is: the token of another library, or of an older app', () => {
  localStorage.setItem('token', 'bare')
  expect(open(own).getState()).toMatchObject({ status: 'restoring', token: 'bare' })
})

it('is taken if other code has stored it over another API’s', async () => {
  await open(other).login(bob)
  localStorage.setItem('token', 'bare')
  expect(open(own).getState()).toMatchObject({ status: 'restoring', token: 'bare' })
})

it('is the same API’s by a path and by an address', async () => {
  vi.stubGlobal('location', { href: new URL('page', own.baseUrl).href })
  onTestFinished(() => void vi.unstubAllGlobals())
  const { token } = await open(own).login(ada)
  const client = open({ baseUrl: new URL(own.baseUrl).pathname })
  expect(client.getState()).toMatchObject({ status: 'restoring', token })
})

it('is left alone where only its own API could read it, as with `tokenRefresh()`', async () => {
  const first = open(own, { refresh: tokenRefresh() })
  const second = open(other)
  await second.login(bob)
  await first.login(async () => ({ ...own.issue(ada.email), refreshToken: 'refresh-of-ada' }))
  const stored = { ...localStorage }
  expect(stored).toMatchObject({ token: expect.stringContaining('refresh-of-ada') })
  look()
  expect(second.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' })
  await second.logout()
  await expect(second.login({ ...bob, password: 'wrong' })).rejects.toBeInstanceOf(RequestError)
  expect({ ...localStorage }).toEqual(stored)
  expect(first.getState().status).toBe('signed-in')
})

it('is left alone by a refusal of the session that it has taken the place of', async () => {
  const second = open(other)
  await second.login(bob)
  other.sessions.clear()
  const first = open(own, { refresh: tokenRefresh() })
  await first.login(async () => ({ ...own.issue(ada.email), refreshToken: 'refresh-of-ada' }))
  const stored = { ...localStorage }
  await second.api('notes').catch(() => {})
  expect(second.getState().status).toBe('signed-out')
  expect({ ...localStorage }).toEqual(stored)
})
