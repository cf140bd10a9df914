// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { memoryStorage, SessionEndedError, SignedOutError, type AuthClient } from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'
import { ended, failure, hang, signedIn } from '../support/requests.ts'

type Client = ReturnType<typeof makeClient>['client']
type Handle = ReturnType<AuthClient['getSession']>

const signedOut = async () => {
  const server = await startApiServer()
  return { server, ...makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() }) }
}

const userOf = ({ email }: { email: string }) => ({ id: `id-of-${email}`, email })

/** The ways in which a handle sends. */
const ways: [string, (handle: Handle, baseUrl: string) => Promise<unknown>][] = [
  ['api', ({ api }) => api.get('notes')],
  ['api().json()', ({ api }) => api('notes').json()],
  ['api.post', ({ api }) => api.post('notes', { json: { text: 'a note' } })],
  ['api.extend()', ({ api }) => api.extend({ headers: { 'X-Own': '1' } }).get('notes')],
  ['api to another host', ({ api }) => api('https://other.example/')],
  ['fetch', ({ fetch }, baseUrl) => fetch(`${baseUrl}/notes`)],
  ['fetch of a POST', ({ fetch }, baseUrl) => fetch(`${baseUrl}/notes`, { method: 'POST', body: 'a note' })],
  ['fetch of a Request', ({ fetch }, baseUrl) => fetch(new Request(`${baseUrl}/notes`))],
  ['fetch to another host', ({ fetch }) => fetch('https://other.example/')],
]

const ends: [string, string, (client: Client) => unknown][] = [
  ['has logged out', 'logout', (client) => client.logout()],
  [
    'has logged out and another has logged in',
    'logout',
    async (client) => {
      await client.logout()
      await client.login(bob)
    },
  ],
  ['was replaced by another', 'replaced', (client) => client.login(bob)],
  [
    'was replaced by a session set by hand',
    'replaced',
    (client) => client.setSession({ user: userOf(bob), token: 'by-hand' }),
  ],
  ['was replaced by a login of their own', 'replaced', (client) => client.login(ada)],
  [
    'had a token that was rejected',
    'rejected',
    (client) => client.rejectToken(client.getState().token ?? ''),
  ],
]

describe.each(ends)('the handle of somebody who %s', (_name, reason, end) => {
  it.each(ways)('rejects what is sent by %s, again and again, and sends nothing', async (_way, send) => {
    const sent = vi.fn((request: Request) => fetch(request))
    const { server, client, token } = await signedIn({ fetch: sent })
    const handle = client.getSession()
    await end(client)
    const { length: requests } = server.received('GET /api/notes')
    sent.mockClear()

    const error = await failure(send(handle, server.baseUrl))
    expect(error).toBeInstanceOf(SessionEndedError)
    expect(error).toEqual(ended(reason))
    expect(await failure(send(handle, server.baseUrl))).toEqual(ended(reason))
    await new Promise((resolve) => setTimeout(resolve))
    expect(await failure(send(handle, server.baseUrl))).toEqual(ended(reason))

    expect(server.received('GET /api/notes')).toHaveLength(requests)
    expect(server.received('POST /api/notes')).toEqual([])
    expect(sent.mock.calls.filter(([{ url }]) => !/auth.(logout|user)$/.test(url))).toEqual([])
    const current = client.getState().token
    expect(current === null || current !== token).toBe(true)
  })
})

describe('a handle', () => {
  it('keeps code that goes on after the end from speaking for the next user', async () => {
    const { server, client, token, notes } = await signedIn()
    const next = deferred()
    const errors: unknown[] = []
    const upload = async ({ api, fetch }: Handle) => {
      await api.post('notes', { json: { part: 1 } })
      await next.promise
      for (const part of [2, 3]) {
        await api.post('notes', { json: { part } }).catch((error) => errors.push(error))
        await fetch(notes, { method: 'PUT', body: '' }).catch((error) => errors.push(error))
      }
    }
    const uploaded = upload(client.getSession())
    await vi.waitFor(() => expect(server.received('POST /api/notes')).toHaveLength(1))
    await client.logout()
    await client.login(bob)
    next.resolve()
    await uploaded
    expect(errors).toEqual(Array.from({ length: 4 }, () => ended('logout')))
    expect(server.received('POST /api/notes').map((request) => request.token)).toEqual([token])
    expect(server.received('PUT /api/notes')).toEqual([])
    expect(await client.getSession().api('notes').json()).toEqual([`private note of ${bob.email}`])
  })

  it('refuses what is sent by a listener of its signal, in the moment of the end', async () => {
    const { server, client } = await signedIn()
    const handle = client.getSession()
    const errors: Promise<unknown>[] = []
    handle.signal.addEventListener('abort', () => {
      errors.push(failure(handle.api.post('notes')), failure(handle.fetch(`${server.baseUrl}/notes`)))
    })
    await client.login(bob)
    expect(await Promise.all(errors)).toEqual([ended('replaced'), ended('replaced')])
    expect(server.received('POST /api/notes')).toEqual([])
    expect(server.received('GET /api/notes')).toEqual([])
  })

  it.each(ways)('that is taken while nobody is signed in rejects %s for good', async (_way, send) => {
    const { server, client } = await signedOut()
    const handle = client.getSession()
    const first = await failure(send(handle, server.baseUrl))
    expect(first).toBeInstanceOf(SignedOutError)
    await client.login(ada)
    expect(await failure(send(handle, server.baseUrl))).toBeInstanceOf(SignedOutError)
    await client.logout()
    expect(await failure(send(handle, server.baseUrl))).toBeInstanceOf(SignedOutError)
    expect(server.received('GET /api/notes')).toEqual([])
    expect(server.received('POST /api/notes')).toEqual([])
  })

  it('carries the token and ends the session that it belongs to', async () => {
    const { server, client, token, notes } = await signedIn()
    const { api, fetch, signal } = client.getSession()
    expect(await api('notes').json()).toEqual([`private note of ${ada.email}`])
    expect(await (await fetch(notes)).json()).toEqual([`private note of ${ada.email}`])
    expect(server.received('GET /api/notes').map((request) => request.token)).toEqual([token, token])
    server.answer('GET /api/notes', answers.status(401))
    expect(await failure(api('notes'))).toEqual(ended('rejected'))
    expect(signal.reason).toEqual(ended('rejected'))
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })

  it('does not end the next session by an answer that comes late', async () => {
    const answered = deferred()
    const arrived = deferred()
    const { client, notes } = await signedIn({
      fetch: async (request) => {
        if (!request.url.endsWith('/notes')) return fetch(request)
        arrived.resolve()
        await answered.promise
        return new Response(null, { status: 401 })
      },
    })
    const handle = client.getSession()
    const errors = [failure(handle.api('notes')), failure(handle.fetch(notes))]
    await arrived.promise
    const { token } = await client.login(bob)
    answered.resolve()
    expect(await Promise.all(errors)).toEqual([ended('replaced'), ended('replaced')])
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('is the same as long as the session is on, and another one for each session', async () => {
    const { server, client, queryClient } = await signedOut()
    const nobody = client.getSession()
    expect(client.getSession()).toBe(nobody)
    await client.login(ada)
    const first = client.getSession()
    expect(first).not.toBe(nobody)
    queryClient.setQueryData(client.userOptions.queryKey, { ...userOf(ada), email: 'ada@new.example' })
    expect(client.getState().user).toMatchObject({ email: 'ada@new.example' })
    await queryClient.refetchQueries({ queryKey: client.userOptions.queryKey })
    expect(client.getSession()).toBe(first)
    await client.login(ada)
    const second = client.getSession()
    expect(second).not.toBe(first)
    await client.logout()
    expect(client.getSession()).toBe(nobody)
    client.setSession(server.issue(ada.email))
    expect([nobody, first, second]).not.toContain(client.getSession())
  })

  it('is the same while a stored token is checked and after', async () => {
    const server = await startApiServer()
    const storage = memoryStorage()
    storage.set(server.issue(ada.email).token)
    const { client } = makeClient({ baseUrl: server.baseUrl, storage })
    const handle = client.getSession()
    expect(client.getState().status).toBe('restoring')
    expect(await handle.api('notes').json()).toEqual([`private note of ${ada.email}`])
    client.mount()
    await vi.waitFor(() => expect(client.getState().status).toBe('signed-in'))
    expect(client.getSession()).toBe(handle)
    client.unmount()
  })
})

describe('the signal', () => {
  it('of a handle is the session’s own: aborted when it ends, with the reason', async () => {
    const { client } = await signedIn()
    const { signal } = client.getSession()
    expect(client.getSignal()).toBe(signal)
    expect(signal.aborted).toBe(false)
    const seen = vi.fn()
    signal.addEventListener('abort', () => seen(client.getState().status))
    void client.logout()
    expect(seen.mock.calls).toEqual([['signed-out']])
    expect(signal.reason).toEqual(ended('logout'))
    await client.login(bob)
    expect(client.getSignal()).not.toBe(signal)
    expect(client.getSignal().aborted).toBe(false)
    expect(client.getSession().signal).toBe(client.getSignal())
  })

  it('is aborted from the start while nobody is signed in', async () => {
    const { client } = await signedOut()
    const { signal } = client.getSession()
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toBeInstanceOf(SignedOutError)
    expect(client.getSignal()).toBe(signal)
    await client.login(ada)
    expect(client.getSignal().aborted).toBe(false)
    await client.logout()
    expect(client.getSignal().aborted).toBe(true)
  })
})

describe('rejectToken', () => {
  it('of the current token ends the session as a 401 does, once and without a logout request', async () => {
    const { server, client, token, user, onSignOut } = await signedIn()
    const { arrived, closed } = hang(server, 'GET /api/notes')
    const error = failure(client.api('notes'))
    await arrived
    client.rejectToken(token)
    expect(client.getState()).toEqual({ status: 'signed-out', user: null, token: null, reason: 'rejected' })
    expect(await error).toEqual(ended('rejected'))
    await closed
    client.rejectToken(token)
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
    // What a logout of the dead token would have sent has been sent by then.
    await client.login(bob)
    await client.logout()
    expect(onSignOut.mock.calls[0]).toEqual([{ reason: 'rejected', user }])
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalledTimes(2))
    expect(server.received('POST /api/auth/logout').map((request) => request.token)).not.toContain(token)
  })

  it('of a token that is being checked ends the session too', async () => {
    const server = await startApiServer()
    const storage = memoryStorage()
    const { token } = server.issue(ada.email)
    storage.set(token)
    const { client } = makeClient({ baseUrl: server.baseUrl, storage })
    client.rejectToken(token)
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    expect(storage.get()).toBe(null)
  })

  it('of any other token does nothing', async () => {
    const { client, token, onSignOut } = await signedIn()
    client.rejectToken('another')
    client.rejectToken('')
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    const next = await client.login(bob)
    client.rejectToken(token)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token: next.token })
    await client.logout()
    client.rejectToken(next.token)
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalledTimes(2))
    expect(onSignOut.mock.calls.map(([{ reason }]) => reason)).toEqual(['replaced', 'logout'])
  })
})
