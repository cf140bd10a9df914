// @vitest-environment node
import { inspect } from 'node:util'
import { QueryClient } from '@tanstack/react-query'
import { isHTTPError } from 'ky'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import {
  createAuthClient,
  isAuthError,
  isSessionEndedError,
  isSignedOutError,
  memoryStorage,
  type AuthClientOptions,
} from 'signoff'
import {
  type Answer,
  answers,
  type ReceivedRequest,
  startApiServer,
  type TestUser,
} from '../support/apiServer.ts'
import { ada, bob } from '../support/renderApp.tsx'

/** All that can be seen of a value, whoever looks. */
const dump = (value: unknown): string => {
  const error = value as Error | null
  return [
    inspect(value, { depth: 9, showHidden: true, getters: true }),
    JSON.stringify(value),
    typeof value === 'object' && value ? JSON.stringify(value, Object.getOwnPropertyNames(value)) : '',
    String(error?.message),
    String(error?.stack),
    String(error),
  ].join('\n')
}

const start = async (options: Partial<AuthClientOptions<TestUser>> = {}) => {
  const server = await startApiServer()
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const client = createAuthClient<TestUser>({
    baseUrl: server.baseUrl,
    queryClient,
    storage: memoryStorage(),
    timeout: 1000,
    ...options,
  })
  const session = server.issue(ada.email)
  client.setSession(session)
  const { token } = session
  return { server, client, queryClient, token }
}

const failure = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => expect.fail('resolved'),
    (error: unknown) => error,
  )

/** Sends back all that it was sent. */
const echo = (status: number, contentType: string, quote = (text: string) => text): Answer => {
  const parts = ({ body, headers, token }: ReceivedRequest) =>
    JSON.stringify({ message: `refused ${token ?? ''} ${body}`, headers, body, token })
  return (response, request) => {
    response.writeHead(status, { 'Content-Type': contentType, 'X-Token': request.token ?? '' })
    response.end(quote(parts(request)))
  }
}

const echoes: [string, Answer][] = [
  ['401', echo(401, 'application/json')],
  ['422', echo(422, 'application/json')],
  ['500 as HTML', echo(500, 'text/html', (text) => `<pre>${text}</pre>`)],
  ['500 as text', echo(500, 'text/plain')],
  ['422 in truncated JSON', echo(422, 'application/json', (text) => text.slice(0, -2))],
  ['200 in truncated JSON', echo(200, 'application/json', (text) => text.slice(0, -2))],
  ['200 in JSON of another shape', echo(200, 'application/json', (text) => `[${text}]`)],
  ['200 as HTML', echo(200, 'text/html', (text) => `<pre>${text}</pre>`)],
]

const failures: [string, Answer][] = [
  ...echoes,
  ['a broken connection', answers.reset],
  ['a timeout', answers.never],
]

const methods = ['error', 'warn', 'info', 'log', 'debug'] as const
const consoles: string[] = []
beforeEach(() => {
  consoles.length = 0
  for (const method of methods)
    vi.mocked(console[method]).mockImplementation((...args) => void consoles.push(dump(args)))
})
afterEach(() => {
  for (const method of methods) vi.mocked(console[method]).mockClear()
})

describe('no password', () => {
  it.each(failures)('is in the error, on the console or in the caches after %s', async (_name, answer) => {
    const { server, client, queryClient, token } = await start()
    for (const route of ['login', 'register']) server.answer(`POST /api/auth/${route}`, answer)

    const errors = [await failure(client.login(bob)), await failure(client.register(bob))]

    for (const error of errors) {
      expect(isAuthError(error)).toBe(true)
      for (const secret of [bob.password, token]) expect(dump(error)).not.toContain(secret)
    }
    const rest = dump([
      queryClient.getQueryCache().getAll(),
      queryClient.getMutationCache().getAll(),
      consoles,
    ])
    expect(rest).not.toContain(bob.password)
  })
})

describe('a secret of a login', () => {
  it.each<[string, object, string]>([
    ['a token', { token: 'link-7f3a' }, 'link-7f3a'],
    ['a nested token', { link: { token: 'link-7f3a' } }, 'link-7f3a'],
    ['a password', { password: 'pass-7f3a' }, 'pass-7f3a'],
    ...['pwd', 'pin', 'otp', 'secret', 'code', 'kennwort', 'credential'].map(
      (key): [string, object, string] => [`a ${key}`, { [key]: 'pass-7f3a' }, 'pass-7f3a'],
    ),
    ['a number', { pin: 73_129 }, '73129'],
    ['in quotes', { kennwort: 'so "wahr"' }, 'so \\"wahr'],
  ])('that is %s, and that the API echoes, is in no error', async (_name, credentials, secret) => {
    const { server, client } = await start()
    server.answer('POST /api/auth/login', echo(422, 'application/json'))
    expect(dump(await failure(client.login(credentials)))).not.toContain(secret)
  })

  it.each<[string, (text: string) => string]>([
    ['in HTML', (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')],
    ['in a form', encodeURIComponent],
  ])('that the API echoes %s is in no error', async (_name, escape) => {
    const { server, client } = await start()
    const password = 'correct&horse<7'
    const page: Answer = (response) => {
      response.writeHead(500, { 'Content-Type': 'text/html' })
      response.end(`<p>${escape(password)}</p>`)
    }
    server.answer('POST /api/auth/login', page)
    expect(dump(await failure(client.login({ email: 'a', password })))).not.toContain(escape(password))
  })

  it.each<[string, (form: string) => string]>([
    ['a form', String],
    ['an address', (form) => form.replaceAll('+', '%20')],
  ])('is in no error where a message quotes %s', async (_name, quote) => {
    const { server, client } = await start()
    const password = 'p@ss wörd&1'
    const form = quote(new URLSearchParams({ password }).toString())
    server.answer('POST /api/auth/login', answers.json({ message: `refused: ${form}` }, 422))
    expect(dump(await failure(client.login({ password })))).not.toContain(form)
  })

  it('does not hide an e-mail address that the API quotes, or a plain word of its message', async () => {
    const { server, client } = await start()
    const message = `The password of ${ada.email} is wrong`
    server.answer('POST /api/auth/login', answers.json({ message }, 401))
    expect(await failure(client.login({ email: ada.email, kennwort: 'wrong' }))).toMatchObject({ message })
  })

  it('is in no error of a schema that throws', async () => {
    const refuse = (value: unknown) => {
      throw new Error(`refused ${JSON.stringify(value)}`)
    }
    const userSchema = z.unknown().transform(refuse)
    const server = await startApiServer()
    const queryClient = new QueryClient()
    const client = createAuthClient({
      baseUrl: server.baseUrl,
      queryClient,
      storage: memoryStorage(),
      userSchema,
    })
    server.answer('POST /api/auth/login', answers.json({ user: { note: 'pass-7f3a' }, token: 'token-7f3a' }))
    const error = await failure(client.login({ password: 'pass-7f3a' }))
    expect(error).toMatchObject({ name: 'RequestError', code: 'invalid-response' })
    expect(dump(error)).not.toContain('7f3a')
  })
})

describe('no token', () => {
  it.each(failures)('is in the error of the user query, or in its state, after %s', async (_name, answer) => {
    const { server, client, queryClient, token } = await start()
    server.answer('GET /api/auth/user', answer)

    const error = await failure(queryClient.fetchQuery({ ...client.userOptions, retry: false }))

    expect(isAuthError(error)).toBe(true)
    expect(dump(error)).not.toContain(token)
    const [query] = queryClient.getQueryCache().getAll()
    expect(dump(query?.state) + consoles.join()).not.toContain(token)
  })

  it.each(failures)('is in the error of a logout after %s', async (_name, answer) => {
    const { server, client, queryClient, token } = await start()
    server.answer('POST /api/auth/logout', answer)

    const { error } = await client.logout()

    expect(dump(error)).not.toContain(token)
    const caches = [queryClient.getQueryCache().getAll(), queryClient.getMutationCache().getAll()]
    expect(dump(caches) + consoles.join()).not.toContain(token)
  })

  it.each<[string, Partial<AuthClientOptions<TestUser>>]>([
    [
      'a parser throws it',
      {
        parseUser: (body) => {
          throw new Error(dump(body))
        },
      },
    ],
    ['the schema refuses it', { userSchema: z.looseObject({ id: z.literal('nobody') }) as never }],
    ['the schema refuses its name', { userSchema: z.strictObject({ id: z.string() }) as never }],
  ])('that the API puts into a user is in an error when %s', async (_name, options) => {
    const server = await startApiServer()
    const storage = memoryStorage()
    storage.set('stored-token')
    const queryClient = new QueryClient()
    const client = createAuthClient<TestUser>({ baseUrl: server.baseUrl, queryClient, storage, ...options })
    server.answer('GET /api/auth/user', answers.json({ id: 'stored-token', ['stored-token']: 1 }))

    const error = await failure(queryClient.fetchQuery({ ...client.userOptions, retry: false }))

    expect(error).toMatchObject({ name: 'RequestError', code: 'invalid-response' })
    expect(dump(error)).not.toContain('stored-token')
    expect(
      dump(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ state }) => state),
      ),
    ).not.toContain('stored-token')
    expect(consoles).toEqual([])
  })

  it('is in a SessionEndedError or a SignedOutError', async () => {
    const { server, client, token } = await start()
    server.answer('GET /api/slow', answers.never)
    const slow = failure(client.api('slow'))
    server.answer('GET /api/notes', echo(401, 'application/json'))
    const rejected = await failure(client.api('notes'))
    const errors = [rejected, await slow, await failure(client.api('notes'))]
    expect(errors.map(isSessionEndedError)).toEqual([true, true, false])
    expect(errors.map(isSignedOutError)).toEqual([false, false, true])
    for (const error of errors) expect(dump(error)).not.toContain(token)
    expect(consoles).toEqual([])
  })

  it('is in an HTTPError of `api`, in its request or its options', async () => {
    const { server, client, queryClient, token } = await start()
    server.answer('POST /api/notes', answers.json({ message: 'No' }, 422))
    const queryFn = () => client.api.post('notes', { json: { text: 'x' } }).json()
    const error = await failure(queryClient.fetchQuery({ queryKey: ['notes'], queryFn }))
    expect(isHTTPError(error)).toBe(true)
    expect(dump(error)).not.toContain(token)
    expect(
      dump(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ state }) => state),
      ),
    ).not.toContain(token)
    if (isHTTPError(error)) expect([...error.request.headers].join()).not.toContain(token)
  })

  it('is in what a failing `onSignOut`, listener or predicate gets onto the console', async () => {
    const broken = () => {
      throw new Error('broken')
    }
    const { client, token } = await start({ onSignOut: broken, isPublic: broken })
    client.subscribe(broken)
    await client.logout()
    await vi.waitFor(() => expect(consoles.length).toBeGreaterThan(1))
    expect(consoles.join()).not.toContain(token)
  })
})
