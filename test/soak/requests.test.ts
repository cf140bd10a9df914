// @vitest-environment node
import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ApiServer, answers } from '../support/apiServer.ts'
import { signedIn } from '../support/requests.ts'
import { collectGarbage } from '../support/resources.ts'

/** How many requests one session sends: 30,000 in `npm run test:long`. */
const count = Number(process.env['REQUESTS'] ?? 3000)

vi.setConfig({ testTimeout: 300_000 + 20 * count })

/** So many are under way at a time. */
const lanes = 30

type Client = Awaited<ReturnType<typeof signedIn>>['client']

interface Means {
  client: Client
  /** The address of the API. */
  root: string
}

const fail = (): never => expect.fail('was answered')

/** Fails as it must. */
const fails = (promise: Promise<unknown>): Promise<unknown> => promise.then(fail, () => {})

/** Aborted while the request is on its way, or its body is. */
const soon = (): AbortSignal => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 1)
  return controller.signal
}

const retry = { limit: 2, delay: () => 0 }

let numbers = 0
const nextNumber = (): string => String((numbers += 1))

const kinds: Record<string, (means: Means) => Promise<unknown>> = {
  'api, read': ({ client }) => client.api('notes').json(),
  'api, read later': async ({ client }) => (await client.api('notes')).text(),
  'api, unread': ({ client }) => client.api('notes'),
  'api, with data': ({ client }) => client.api.post('notes', { json: { text: 'a note' } }).json(),
  'api, failed': ({ client }) => fails(client.api('missing')),
  'api, retried': ({ client }) => client.api('busy', { headers: { 'X-Number': nextNumber() }, retry }).json(),
  'api, retried in vain': ({ client }) => fails(client.api('down', { retry })),
  'api, cut off': ({ client }) => fails(client.api('reset', { retry: 0 })),
  'api, timed out': ({ client }) => fails(client.api('never', { timeout: 2, retry: 0 })),
  'api, aborted': ({ client }) => fails(client.api('never', { signal: soon() })),
  'api, aborted in its body': ({ client }) => fails(client.api('endless', { signal: soon() }).json()),
  'api, with the session’s signal': ({ client }) => {
    const { api, signal } = client.getSession()
    return api('notes', { signal }).json()
  },
  'api, with a hook': ({ client }) =>
    client.api('notes', { hooks: { afterResponse: [({ response }) => void response.status] } }).json(),
  'fetch, read': async ({ client, root }) => (await client.fetch(`${root}/notes`)).json(),
  'fetch, unread': ({ client, root }) => client.fetch(`${root}/notes`),
  'fetch, cloned': async ({ client, root }) => {
    const response = await client.fetch(`${root}/notes`)
    return Promise.all([response.clone().text(), response.text()])
  },
  'fetch, streamed': async ({ client, root }) => {
    const reader = (await client.fetch(`${root}/long`)).body?.getReader()
    while (!(await reader?.read())?.done);
  },
  // Of a long one Node keeps the connection, whoever has asked for it.
  'fetch, begun and left': async ({ client, root }) =>
    (await client.fetch(`${root}/notes`)).body?.getReader().read(),
  'fetch, cancelled': async ({ client, root }) => (await client.fetch(`${root}/endless`)).body?.cancel(),
  'fetch, failed': async ({ client, root }) => (await client.fetch(`${root}/missing`)).text(),
  'fetch, cut off': ({ client, root }) => fails(client.fetch(`${root}/reset`)),
  'fetch, aborted': ({ client, root }) => fails(client.fetch(`${root}/never`, { signal: soon() })),
  'fetch, aborted in its body': async ({ client, root }) =>
    fails(client.fetch(`${root}/endless`, { signal: soon() }).then((response) => response.text())),
  'fetch, with the session’s signal': async ({ client, root }) =>
    (await client.fetch(`${root}/notes`, { signal: client.getSignal() })).json(),
  'fetch, without a body': ({ client, root }) => client.fetch(`${root}/empty`, { method: 'HEAD' }),
  'a handle’s api, read': ({ client }) => client.getSession().api('notes').json(),
  'a handle’s api, unread': ({ client }) => client.getSession().api('notes'),
  'a handle’s api, failed': ({ client }) => fails(client.getSession().api('missing')),
  'a handle’s api, extended': ({ client }) => client.getSession().api.extend({ retry: 0 })('notes').json(),
}

const answerAll = (server: ApiServer): void => {
  // Each request is refused once.
  const seen = new Set<unknown>()
  server.answer('GET /api/busy', (response, request) => {
    const { 'x-number': number } = request.headers
    const answer = seen.has(number) ? answers.json(['at last']) : answers.status(503, { 'Retry-After': '0' })
    seen.add(number)
    answer(response, request)
  })
  server.answer('GET /api/missing', answers.json({ message: 'Nothing' }, 404))
  server.answer('GET /api/down', answers.status(503, { 'Retry-After': '0' }))
  server.answer('GET /api/reset', answers.reset)
  server.answer('GET /api/never', answers.never)
  server.answer('GET /api/long', answers.text('x'.repeat(100_000), 'text/plain'))
  server.answer('HEAD /api/empty', answers.status(200))
  server.answer('GET /api/endless', (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.write('["')
  })
}

const warnings: Error[] = []
const onWarning = (warning: Error) => void warnings.push(warning)
beforeEach(() => void process.on('warning', onWarning))
afterEach(() => {
  process.off('warning', onWarning)
  expect(warnings.splice(0)).toEqual([])
})

const setUp = async () => {
  const { server, client } = await signedIn()
  answerAll(server)
  const send = async (times: number, names = Object.keys(kinds), settling = 0) => {
    let index = 0
    const run = async () => {
      while (index < times) {
        index += 1
        await kinds[names[index % names.length] ?? '']?.({ client, root: server.baseUrl })
      }
    }
    await Promise.all(Array.from({ length: lanes }, run))
    // What the server remembers of them is no part of the client's, and connections take a while to close.
    server.requests.length = 0
    await new Promise((resolve) => setTimeout(resolve, settling))
    await collectGarbage()
  }
  const listeners = () => getEventListeners(client.getSignal(), 'abort').length
  return { client, root: server.baseUrl, send, listeners }
}

describe('a session', () => {
  it(`keeps nothing of ${count} requests: no listener, and no more memory than after a few`, async () => {
    const { client, send, listeners } = await setUp()
    const { signal } = client.getSession()
    const all = Object.keys(kinds)
    await send(1500, all, 1000)
    const before = process.memoryUsage().heapUsed
    await send(count, all, 1000)
    const bytes = process.memoryUsage().heapUsed - before
    process.stdout.write(`${count} requests: ${bytes} bytes, ${listeners()} listeners\n`)
    expect(client.getSignal()).toBe(signal)
    expect(signal.aborted).toBe(false)
    expect(listeners()).toBe(0)
    expect(bytes).toBeLessThan(3_000_000)
  })

  it('and a caller’s signal are listened to once, however many wait, and no longer than they do', async () => {
    const { client, root } = await setUp()
    const own = new AbortController()
    const signals = [client.getSignal(), own.signal]
    const listeners = () => signals.map((signal) => getEventListeners(signal, 'abort').length)
    const waiting = Array.from({ length: 50 }, () => [
      client.fetch(`${root}/never`, { signal: own.signal }),
      client.api('never', { signal: own.signal }),
    ]).flat()
    expect(listeners()).toEqual([1, 1])
    const read = await client.fetch(`${root}/notes`, { signal: own.signal })
    await read.json()
    expect(listeners()).toEqual([1, 1])
    own.abort()
    await Promise.all(waiting.map(fails))
    expect(listeners()).toEqual([0, 0])
  })

  it.each(Object.keys(kinds))(
    'is listened to by none of a hundred requests that have settled: %s',
    async (name) => {
      const { client, send, listeners } = await setUp()
      await send(100, [name])
      expect(client.getSignal().aborted).toBe(false)
      expect(listeners()).toBe(0)
    },
  )
})
