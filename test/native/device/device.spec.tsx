import { act, screen, waitFor } from '@testing-library/react-native'
import { QueryClient } from '@tanstack/react-query'
import { createAuthClient, isSessionEndedError, memoryStorage } from 'signoff'
import { answers, deferred, openApiServer } from '../../support/openApiServer.ts'
import { openSecureStorage } from '../app/openSecureStorage'
import { items } from './keychain'
import { sent, takenBack } from './sendRequests'
import { ada, bob, openPhone } from './setUp'

const noteOf = ({ email }: { email: string }) => `private note of ${email}`

const isExpo = process.env['DEVICE'] === 'expo'

beforeEach(() => items.clear())

it('there is nothing of a page here, and what a phone has', () => {
  for (const name of ['document', 'localStorage', 'BroadcastChannel', 'addEventListener'])
    expect(Reflect.get(globalThis, name)).toBeUndefined()
  const { signal } = new AbortController()
  expect(['reason' in signal, 'throwIfAborted' in signal]).toEqual([false, false])
  expect('any' in AbortSignal).toBe(isExpo)
  expect(String(fetch).includes('XMLHttpRequest')).toBe(!isExpo)
  expect(new Response('').body).toBeUndefined()
})

/** A phone on which Ada has logged in. */
const setUp = async () => {
  const phone = await openPhone()
  const session = await phone.start(openSecureStorage())
  await phone.logIn(ada)
  await screen.findByText(noteOf(ada))
  return { ...phone, ...session }
}

describe('an app that comes to the front', () => {
  it('fetches again what it shows, and nothing while nobody is signed in', async () => {
    const { server, comeBack, logOut } = await setUp()
    server.answer('GET /api/notes', answers.json(['a newer note']))
    await comeBack()
    await screen.findByText('a newer note')
    await logOut()
    await screen.findByLabelText('Password')
    await waitFor(() => expect(server.received('POST /api/auth/logout')).toHaveLength(1))
    const seen = server.requests.length
    await comeBack()
    await comeBack()
    expect(server.requests).toHaveLength(seen)
  })

  it('ends the session if the API refuses its token', async () => {
    const { server, comeBack, authClient } = await setUp()
    server.sessions.clear()
    await comeBack()
    await screen.findByLabelText('Password')
    expect(authClient.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    await waitFor(() => expect(items.size).toBe(0))
  })
})

it('a logout without a network is sent when there is one again, and the next user comes', async () => {
  const { server, setOnline, authClient, queryClient, logIn } = await setUp()
  const { token } = authClient.getState()
  await setOnline(false)
  const result = await act(() => authClient.logout())
  expect(result).toMatchObject({ revoked: false, error: { code: 'network' } })
  await screen.findByLabelText('Password')
  expect(queryClient.getQueryCache().findAll({ queryKey: ['notes'] })).toEqual([])
  expect([...server.sessions.keys()]).toEqual([token])

  await setOnline(true)

  await waitFor(() => expect(server.sessions.size).toBe(0))
  await logIn(bob)
  await screen.findByText(noteOf(bob))
})

describe('the phone’s own fetch', () => {
  it('takes a request back at the logout, and whoever awaits it hears of that', async () => {
    const { server, authClient } = await setUp()
    const asked = deferred()
    server.answer('POST /api/slow', () => asked.resolve())
    const { api } = authClient.getSession()
    const failing = api
      .post('slow', { json: { text: 'private' } })
      .json()
      .catch((error: unknown) => error)
    await asked.promise
    const before = takenBack.count
    await act(() => authClient.logout())
    expect(isSessionEndedError(await failing)).toBe(true)
    expect(takenBack.count).toBe(before + 1)
  })

  it('takes a request back that its caller aborts', async () => {
    const { server, authClient } = await setUp()
    const asked = deferred()
    server.answer('POST /api/slow', () => asked.resolve())
    const controller = new AbortController()
    const failing = authClient
      .fetch(`${server.baseUrl}/slow`, { method: 'POST', body: 'text', signal: controller.signal })
      .catch((error: unknown) => error)
    await asked.promise
    controller.abort()
    expect(await failing).toMatchObject({ name: 'AbortError' })
  })

  it('asks for the address that was meant, and gets no answer of a cache', async () => {
    const { server, authClient } = await setUp()
    const { baseUrl } = server
    sent.length = 0
    await authClient.api.get('notes').json()
    await authClient.api.get('/notes?page=2').json()
    await authClient.api.get('notes', { searchParams: { page: 3 } }).json()
    await authClient.fetch(`${baseUrl}/notes`)
    await authClient.fetch(`${baseUrl}/notes`, { method: 'POST', body: 'text' })
    expect(sent.map(({ method, url }) => [method, url.replace(/\d+$/, 'TIME')])).toEqual([
      ['GET', `${baseUrl}/notes?_=TIME`],
      ['GET', `${baseUrl}/notes?page=2&_=TIME`],
      ['GET', `${baseUrl}/notes?page=3&_=TIME`],
      ['GET', `${baseUrl}/notes?_=TIME`],
      ['POST', `${baseUrl}/notes`],
    ])
    expect(server.requests.slice(-5).map(({ token }) => token)).toEqual(
      Array<unknown>(5).fill(authClient.getState().token),
    )
  })

  it('sends a body again, whole, with a token that was refreshed', async () => {
    const phone = await openPhone()
    const { server } = phone
    const pairOf = (number: number) => ({ ...server.issue(ada.email), refreshToken: `refresh-${number}` })
    server.answer('POST /api/auth/login', (...given) => answers.json(pairOf(1))(...given))
    server.answer('POST /api/auth/refresh', (...given) => answers.json(pairOf(2))(...given))
    const { authClient } = await phone.start(openSecureStorage(), true)
    await phone.logIn(ada)
    await screen.findByText(noteOf(ada))
    server.sessions.clear()

    const notes = await act(() => authClient.api.post('notes', { json: { text: 'kept' } }).json())

    expect(notes).toEqual([noteOf(ada)])
    const [refused, repeated] = server.received('POST /api/notes')
    expect([refused?.body, repeated?.body]).toEqual(Array<unknown>(2).fill('{"text":"kept"}'))
    expect(repeated?.token).toBe(authClient.getState().token)
    expect(server.received('POST /api/auth/refresh').map(({ body }) => body)).toEqual([
      '{"refreshToken":"refresh-1"}',
    ])
    await phone.logOut()
    await waitFor(() => expect(server.received('POST /api/auth/logout')).toHaveLength(1))
  })

  it('lets `isRejection` read a body that the caller reads too', async () => {
    const server = await openApiServer()
    const authClient = createAuthClient({
      baseUrl: server.baseUrl,
      queryClient: new QueryClient(),
      storage: memoryStorage(),
      isRejection: async (response) =>
        response.status === 403 && ((await response.json()) as { code: string }).code === 'dead token',
    })
    await authClient.login(ada)
    server.answer('POST /api/rights', answers.json({ code: 'no right' }, 403))
    const response = await authClient.fetch(`${server.baseUrl}/rights`, { method: 'POST' })
    expect(await response.json()).toEqual({ code: 'no right' })
    expect(authClient.getState().status).toBe('signed-in')
    server.answer('POST /api/rights', answers.json({ code: 'dead token' }, 403))
    const failure = await authClient
      .fetch(`${server.baseUrl}/rights`, { method: 'POST' })
      .catch((error: unknown) => error)
    expect(isSessionEndedError(failure)).toBe(true)
    expect(authClient.getState().status).toBe('signed-out')
    await server.close()
  })

  it('tries a request again that the API is too busy for', async () => {
    const { server, authClient } = await setUp()
    let isBusy = true
    server.answer('GET /api/busy', (...given) => {
      answers.json(isBusy ? {} : ['free'], isBusy ? 503 : 200)(...given)
      isBusy = false
    })
    expect(await authClient.api.get('busy').json()).toEqual(['free'])
  })

  it(`tries a GET that the network has lost ${isExpo ? 'no more' : 'again'}`, async () => {
    const { server, authClient } = await setUp()
    let isLost = true
    server.answer('GET /api/lost', (...given) => {
      if (isLost) answers.reset(given[0])
      else answers.json(['found'])(...given)
      isLost = false
    })
    const asked = authClient.api
      .get('lost')
      .json()
      .catch((error: Error) => error.message)
    expect(await asked).toEqual(isExpo ? expect.stringContaining('fetch failed') : ['found'])
    const { body } = await authClient.fetch(`${server.baseUrl}/lost`)
    expect(typeof body).toBe(isExpo ? 'object' : 'undefined')
  })

  it(`takes a login ${isExpo ? 'nowhere' : 'wherever it is redirected, the password with it'}`, async () => {
    const { server, authClient, logOut } = await setUp()
    await logOut()
    const other = await openApiServer()
    server.answer('POST /api/auth/login', answers.status(307, { Location: `${other.baseUrl}/auth/login` }))
    const login = await act(() => authClient.login(bob).catch((error: unknown) => error))
    if (isExpo) expect(login).toMatchObject({ message: expect.stringContaining('was redirected') })
    else expect(login).toMatchObject({ user: { email: bob.email } })
    expect(other.requests.map(({ body }) => body)).toEqual(isExpo ? [] : [JSON.stringify(bob)])
    await other.close()
  })

  it('follows a redirect, which says nothing of the token if it leads elsewhere', async () => {
    const { server, authClient } = await setUp()
    const other = await openApiServer()
    server.answer('POST /api/moved', answers.status(307, { Location: `${other.baseUrl}/moved` }))
    const response = await authClient.fetch(`${server.baseUrl}/moved`, { method: 'POST', body: 'text' })
    expect(response.status).toBe(401)
    expect(other.requests.map(({ token, body }) => [token, body])).toEqual([[undefined, 'text']])
    expect(authClient.getState().status).toBe('signed-in')
    await other.close()
  })
})
