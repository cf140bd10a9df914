// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AuthError, memoryStorage, SessionEndedError, SignedOutError, webStorage } from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, makeClient } from '../support/renderApp.tsx'

const start = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  return { server, ...makeClient({ baseUrl: server.baseUrl, storage: memoryStorage(), ...options }) }
}

describe('the message', () => {
  it('of each error says what happened', () => {
    expect(String(new AuthError('Oops'))).toBe('AuthError: Oops')
    expect(String(new SignedOutError())).toBe('SignedOutError: Nobody is signed in')
    expect(String(new SessionEndedError('logout'))).toBe('SessionEndedError: Session ended: logout')
  })

  it.each([
    ['token', { user: { id: '1' } }],
    ['user', { user: 'ada', token: 'token-of-ada' }],
  ])('of an answer without a valid %s names it, and the error has no cause', async (what, body) => {
    const { server, client } = await start()
    server.answer('POST /api/auth/login', answers.json(body))
    const error = await client.login(ada).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ message: `The answer has no valid ${what}`, code: 'invalid-response' })
    expect(error).not.toHaveProperty('cause')
  })

  it.each([[['wrong']], [{}], [1], [''], [null]])(
    'is our own where that of the API is %j',
    async (message) => {
      const { server, client } = await start()
      server.answer('POST /api/auth/login', answers.json({ message }, 422))
      await expect(client.login(ada)).rejects.toMatchObject({
        message: 'POST auth/login failed: http 422',
        data: { message },
      })
    },
  )

  it('of a storage that fails names the error alone', async () => {
    const set = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const { client } = await start({ storage: { ...memoryStorage(), set } })
    await client.login(ada)
    expect(vi.mocked(console.warn).mock.calls).toEqual([
      ['signoff: this failed, and stopped nothing:', 'storage QuotaExceededError'],
    ])
    vi.mocked(console.warn).mockClear()
  })
})

describe('in production', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('nothing is reported', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const set = () => {
      throw new Error('full')
    }
    const { client } = await start({ storage: { ...memoryStorage(), set } })
    await client.login(ada)
    expect(client.getState().status).toBe('signed-in')
    expect(console.warn).not.toHaveBeenCalled()
  })
})

it('JSON is asked for', async () => {
  const { server, client } = await start()
  await client.login(ada)
  expect(server.received('POST /api/auth/login')[0]?.headers.accept).toBe('application/json')
})

describe('a password that the API quotes within a longer message', () => {
  it.each(['abcdefghijkl', 'x"abc', 'abc1', 'two words'])('such as %s is in no error', async (password) => {
    const { server, client } = await start()
    server.answer('POST /api/auth/login', answers.json({ message: `Too weak: ${password}!` }, 422))
    await expect(client.login({ ...ada, password })).rejects.toMatchObject({
      message: 'POST auth/login failed: http 422',
      data: undefined,
    })
  })

  it.each(['wrong', 'abcdefghijk'])('is taken for a plain word where it is %s', async (password) => {
    const { server, client } = await start()
    const message = `Too weak: ${password}!`
    server.answer('POST /api/auth/login', answers.json({ message }, 422))
    await expect(client.login({ ...ada, password })).rejects.toMatchObject({ message })
  })
})

it('a web storage without a window holds nothing and complains of nothing', () => {
  const storage = webStorage('local')
  storage.set('T')
  expect(storage.get()).toBeNull()
  storage.remove()
})
