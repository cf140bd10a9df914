import { setImmediate as macrotask } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { deferred } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

/*
 * An answer of Ada's is on its way to the code that has asked for it. Her session ends in each of the microtasks of that way
 * once. Nothing is handed on after the end but in one of them: the promise that the caller has was settled before the end,
 * and the caller's own code is next. No JavaScript can take that back.
 */

const sessions = {
  ada: { user: { id: '1', email: ada.email }, token: 'token-of-ada' },
  bob: { user: { id: '2', email: bob.email }, token: 'token-of-bob' },
}

type Client = ReturnType<typeof makeClient>['client']

const baseUrl = 'https://api.example.com'
const url = `${baseUrl}/notes`
const note = 'private note of ada'

const microtasks = async (count: number) => {
  for (let left = count; left > 0; left -= 1) await Promise.resolve()
}

/** A schema that takes its time. */
const schema = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: async (value: unknown) => {
      await microtasks(5)
      return { value }
    },
  },
}

/** What the caller does before the answer, or its body, arrives, and what it does then. */
type Way = [name: string, isBodyLate: boolean, ask: (client: Client) => Promise<Promise<unknown>[]>]

const read = async (response: Promise<Response>, how: (response: Response) => Promise<unknown>) => [
  how(await response),
]

const readStream = ({ body }: Response) => body?.getReader().read() ?? Promise.reject(new Error('no body'))

const ways: Way[] = [
  ['api().json()', false, async ({ api }) => [api('notes').json()]],
  ['api().text()', false, async ({ api }) => [api('notes').text()]],
  ['api().json(schema)', false, async ({ api }) => [api('notes').json(schema)]],
  ['api()', false, async ({ api }) => [api('notes')]],
  ['getSession().api()', false, async ({ getSession }) => [getSession().api('notes')]],
  ['fetch()', false, async (client) => [client.fetch(url)]],
  ['getSession().fetch()', false, async ({ getSession }) => [getSession().fetch(url)]],
  ['.json() of an answer of api()', true, ({ api }) => read(api('notes'), (given) => given.json())],
  ['.json() of an answer of fetch()', true, (client) => read(client.fetch(url), (given) => given.json())],
  ['a stream', true, (client) => read(client.fetch(url), (given) => readStream(given))],
  ['a stream of a clone', true, ({ api }) => read(api('notes'), (given) => readStream(given.clone()))],
]

const ends: [string, (client: Client) => Promise<() => void>][] = [
  ['a logout', async (client) => () => void client.logout()],
  ['another session', async (client) => () => client.setSession(sessions.bob)],
  [
    'a login',
    async (client) => {
      void client.login(bob)
      await macrotask()
      return () => {}
    },
  ],
]

/** Ends the session so many microtasks after the answer, or before it. Returns when the caller was given it. */
const play = async (
  [, isBodyLate, ask]: Way,
  prepare: (client: Client) => Promise<() => void>,
  count: number,
): Promise<string> => {
  const arrived = deferred()
  const answered = deferred<Response>()
  const body = new ReadableStream({
    start: (controller) => {
      void (async () => {
        await arrived.promise
        controller.enqueue(new TextEncoder().encode(JSON.stringify(note)))
        controller.close()
      })()
    },
  })
  const { client } = makeClient({
    baseUrl,
    endpoints: { logout: null },
    fetch: async (request) => {
      if (request.url.endsWith('/login')) return answered.promise
      if (!isBodyLate) await arrived.promise
      return isBodyLate ? new Response(body) : Response.json(note)
    },
  })
  client.setSession(sessions.ada)
  let isEnded = false
  const end = await prepare(client)
  let given = 'nothing'
  client.getSignal().addEventListener('abort', () => {
    isEnded = true
  })
  const [promise] = await ask(client)
  const onAnswer = () => void (given = isEnded ? 'after the end' : 'before the end')
  void promise?.then(onAnswer, (error: Error) => void (given = error.name))
  await macrotask()
  if (count < 0) answered.resolve(Response.json(sessions.bob))
  await microtasks(-count)
  arrived.resolve()
  await microtasks(count)
  answered.resolve(Response.json(sessions.bob))
  end()
  await macrotask()
  await macrotask()
  localStorage.clear()
  return given
}

/** The microtasks, counted from the answer. A login that is answered takes some itself. */
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe.each(ends)('%s', (end, prepare) => {
  it.each(ways)('hands nothing on by %s but what was settled before, in one microtask', async (...way) => {
    const given: string[] = []
    for (const count of end === 'a login' ? range(-40, 12) : range(0, 40))
      given.push(await play(way, prepare, count))
    const first = given.indexOf('before the end')
    expect(first).toBeGreaterThan(0)
    const late = given.flatMap((what, index) => (what === 'after the end' ? [index] : []))
    // Among those that are due at the same time, the end of a login may come first.
    if (late.length > 0 || end !== 'a login') expect(late).toEqual([first - 1])
    expect(new Set(given.slice(0, first - 1))).toEqual(new Set(['SessionEndedError']))
    expect(new Set(given.slice(first))).toEqual(new Set(['before the end']))
  })
})
