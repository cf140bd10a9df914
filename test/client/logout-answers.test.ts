// @vitest-environment node
import { onlineManager } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const user = { id: 'id-of-ada@example.com', email: ada.email }

describe('the result of a logout', () => {
  it.each([
    ['user and token', { user: { ...user, name: 'Ada' }, token: 'dead' }],
    ['token alone', { token: 'dead' }],
  ])('holds the %s that the API confirms', async (_name, body) => {
    const server = await startApiServer()
    const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
    await client.login(ada)
    server.answer('POST /api/auth/logout', answers.json(body))
    expect(await client.logout()).toMatchObject({ user, ...body, status: 200, revoked: true })
  })

  it('is asked for again by a logout once it has settled, and holds nobody then', async () => {
    const server = await startApiServer()
    const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
    const { token } = await client.login(ada)
    expect(await client.logout()).toMatchObject({ user, token })
    expect(await client.logout()).toEqual({
      user: null,
      token: null,
      status: 0,
      statusText: '',
      error: null,
      revoked: true,
    })
  })

  it('of the next user is joined by a second call, although the one before has settled meanwhile', async () => {
    let settleFirst!: (response: Response) => void
    const held: ((response: Response) => void)[] = []
    const fetch = (request: Request) => {
      if (!request.url.endsWith('logout')) return Promise.resolve(Response.json({ user, token: 'unused' }))
      return new Promise<Response>((resolve) => held.push(resolve))
    }
    const { client } = makeClient({ baseUrl: 'https://api.example.com', storage: memoryStorage(), fetch })
    client.setSession({ user, token: 'first' })
    const first = client.logout()
    client.setSession({ user, token: 'second' })
    const second = client.logout()
    await vi.waitFor(() => expect(held).toHaveLength(2))
    ;[settleFirst = () => expect.fail('no request')] = held
    settleFirst(new Response(null, { status: 204 }))
    expect(await first).toMatchObject({ token: 'first' })
    expect(client.logout()).toBe(second)
    held[1]?.(new Response(null, { status: 204 }))
    expect(await second).toMatchObject({ token: 'second' })
  })
})

describe('a 2xx of a logout', () => {
  const leave = async (body: string, contentType: string) => {
    const server = await startApiServer()
    const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
    const { token } = await client.login(ada)
    server.answer('POST /api/auth/logout', answers.text(body, contentType))
    return { token, result: await client.logout() }
  }

  it.each([
    ['OK', 'text/plain'],
    ['OK', 'text/html'],
    ['{"user":{"id', 'application/json'],
    ['Bye <b>Ada</b>', 'text/html'],
    ['<p>Bye</p>', 'text/html'],
    ['<ok/>', 'application/xml'],
  ])('that is %j as %s is a confirmation', async (body, contentType) => {
    const { token, result } = await leave(body, contentType)
    expect(result).toMatchObject({ status: 200, revoked: true, error: null, user, token })
  })

  it.each([
    ['<!doctype html><p>Hi', 'text/html'],
    ['<!DOCTYPE HTML><p>Hi', 'text/plain'],
    ['\n  <html lang="en">', 'application/json'],
    ['\uFEFF<!-- built --><html>', 'text/html'],
    ['<head><title>Hi</title></head>', 'text/html'],
    ['<body>Hi', 'text/html'],
    ['<meta http-equiv="refresh" content="0; url=https://portal.example">', 'text/html'],
    ['<title>Hi</title>', 'text/html'],
    ['<script>location = "https://portal.example"</script>', 'text/html'],
  ])('that is the document %j as %s is none', async (body, contentType) => {
    const { result } = await leave(body, contentType)
    expect(result).toMatchObject({ status: 200, revoked: false, error: { code: 'invalid-response' } })
  })
})

describe('a logout that fails', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const day = 24 * 60 * 60 * 1000

  const leave = async (fail: (signal: AbortSignal) => Promise<Response>, timeout = 10_000) => {
    const sent = vi.fn((request: Request) => fail(request.signal))
    const { client } = makeClient({
      baseUrl: 'https://api.example.com',
      storage: memoryStorage(),
      fetch: sent,
      timeout,
    })
    client.setSession({ user, token: 'token-of-ada' })
    const logout = client.logout()
    await vi.advanceTimersByTimeAsync(15_000)
    return { result: await logout, sent, client }
  }

  it.each<[string, string, (signal: AbortSignal) => Promise<Response>]>([
    ['a refusal', 'http', async () => new Response(null, { status: 403 })],
    ['an HTML page', 'invalid-response', async () => new Response('<!doctype html>')],
    ['no answer in time', 'timeout', () => new Promise(() => {})],
    [
      'no answer in time, whose request is aborted then',
      'timeout',
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    ],
    ['an answer that never ends', 'timeout', async () => new Response(new ReadableStream())],
  ])('with %s is not sent again later', async (_name, code, fail) => {
    const { result, sent } = await leave(fail)
    expect(result.error).toMatchObject({ code })
    const { length } = sent.mock.calls
    await vi.advanceTimersByTimeAsync(day)
    expect(sent).toHaveBeenCalledTimes(length)
  })

  it('on the network is sent again thirty seconds later, until it is there, and then no more', async () => {
    const { result, sent } = await leave(() => Promise.reject(new TypeError('Failed to fetch')))
    expect(result.error).toMatchObject({ code: 'network' })
    expect(sent).toHaveBeenCalledTimes(3)
    await vi.advanceTimersByTimeAsync(14_000)
    expect(sent).toHaveBeenCalledTimes(3)
    sent.mockImplementation(async () => new Response(null, { status: 204 }))
    await vi.advanceTimersByTimeAsync(16_000)
    expect(sent).toHaveBeenCalledTimes(4)
    await vi.advanceTimersByTimeAsync(day)
    expect(sent).toHaveBeenCalledTimes(4)
  })

  const busyOnce = (fail: () => Promise<Response>) => {
    const answers = [async () => new Response(null, { status: 503 })]
    return () => (answers.pop() ?? fail)()
  }

  it('on the network, after the server was busy, fails by the network, and is sent again', async () => {
    const { result, sent } = await leave(busyOnce(() => Promise.reject(new TypeError('Failed to fetch'))))
    expect(result).toMatchObject({ status: 0, statusText: '', error: { code: 'network', status: 0 } })
    expect(sent).toHaveBeenCalledTimes(3)
    sent.mockImplementation(async () => new Response(null, { status: 204 }))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(sent).toHaveBeenCalledTimes(4)
  })

  it('in time, after the server was busy, fails by the time-out', async () => {
    const { result } = await leave(busyOnce(() => new Promise(() => {})))
    expect(result).toMatchObject({ status: 0, error: { code: 'timeout', status: 0 } })
  })

  it.each([408, 429, 500, 503])(
    'with %i is tried again when Retry-After is over, and not sooner',
    async (status) => {
      const tries: number[] = []
      const headers = { 'Retry-After': '5' }
      const { result } = await leave(async () => {
        tries.push(Date.now())
        return new Response(null, tries.length === 1 ? { status, headers } : { status: 204 })
      })
      expect(result).toMatchObject({ status: 204, revoked: true })
      const [first = 0, second = 0] = tries
      expect(second - first).toBeGreaterThanOrEqual(5000)
      expect(second - first).toBeLessThan(6000)
    },
  )

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('is tried again where the API wants a %s', async (method) => {
    const sent = vi.fn(async () => new Response(null, { status: 503 }))
    const { client } = makeClient({
      baseUrl: 'https://api.example.com',
      storage: memoryStorage(),
      endpoints: { logout: { path: 'session', method } },
      fetch: sent,
    })
    client.setSession({ user, token: 'token-of-ada' })
    const logout = client.logout()
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await logout).toMatchObject({ status: 503, revoked: false })
    expect(sent).toHaveBeenCalledTimes(3)
  })

  it('on the network, and whose time is over before the next try, fails by the network, and is sent again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.9)
    const { result, sent } = await leave(() => Promise.reject(new TypeError('Failed to fetch')), 200)
    expect(sent).toHaveBeenCalledTimes(1)
    expect(result).toMatchObject({ revoked: false, error: { code: 'network', status: 0 } })
    sent.mockImplementation(async () => new Response(null, { status: 204 }))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(sent).toHaveBeenCalledTimes(2)
  })

  it('on the network for good is sent again ten times, ever more rarely, and then no more', async () => {
    const { sent } = await leave(() => Promise.reject(new TypeError('Failed to fetch')))
    await vi.advanceTimersByTimeAsync(60 * 60 * 1000)
    expect(sent.mock.calls.length).toBeLessThanOrEqual(10)
    await vi.advanceTimersByTimeAsync(7 * day)
    expect(sent).toHaveBeenCalledTimes(3 + 10)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('on the network is not sent again where a session has the same token by then', async () => {
    const { sent, client } = await leave(() => Promise.reject(new TypeError('Failed to fetch')))
    client.setSession({ user: { ...user, email: bob.email }, token: 'token-of-ada' })
    await vi.advanceTimersByTimeAsync(day)
    expect(sent).toHaveBeenCalledTimes(3)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('on the network is sent again as soon as the browser is online, and then no more', async () => {
    const { sent } = await leave(() => Promise.reject(new TypeError('Failed to fetch')))
    onlineManager.setOnline(false)
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent).toHaveBeenCalledTimes(3)
    sent.mockImplementation(async () => new Response(null, { status: 204 }))
    onlineManager.setOnline(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toHaveBeenCalledTimes(4)
    onlineManager.setOnline(false)
    onlineManager.setOnline(true)
    await vi.advanceTimersByTimeAsync(day)
    expect(sent).toHaveBeenCalledTimes(4)
  })
})
