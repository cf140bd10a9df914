// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { memoryStorage, SessionEndedError, SignedOutError } from 'signoff'
import { type Answer, answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'
import { ended, failure, hang, signedIn } from '../support/requests.ts'
import { collectGarbage } from '../support/resources.ts'

type Given = Parameters<typeof fetch>

/** A client of an API that exists on paper only, and what it would have sent there. */
const recording = (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const sent: Request[] = []
  const { client } = makeClient({
    baseUrl: 'https://api.example.com/v1',
    storage: memoryStorage(),
    fetch: async (request) => {
      sent.push(request)
      return Response.json([])
    },
    ...options,
  })
  client.setSession({ user: { id: '1', email: ada.email }, token: 'secret' })
  return { client, sent }
}

const authorizationOf = ({ headers }: Request) => headers.get('Authorization')

const url = 'https://api.example.com/v1/notes'

describe('the token', () => {
  it.each<[string, Given[0]]>([
    ['an address', url],
    ['an address in capitals', 'HTTPS://API.EXAMPLE.COM:443/v1/notes'],
    ['an address that stays inside', 'https://api.example.com/v1/tags/../notes'],
    ['a URL object', new URL(url)],
    ['a Request object', new Request(url)],
  ])('goes with %s', async (_name, input) => {
    const { client, sent } = recording()
    await client.fetch(input)
    await client.getSession().fetch(input)
    expect(sent.map((request) => request.url)).toEqual([url, url])
    expect(sent.map(authorizationOf)).toEqual(['Bearer secret', 'Bearer secret'])
  })

  it.each<[string, Given[0]]>([
    ['another host', 'https://other.example/v1/notes'],
    ['another port', 'https://api.example.com:8443/v1/notes'],
    ['another scheme', 'http://api.example.com/v1/notes'],
    ['a subdomain', 'https://cdn.api.example.com/v1/notes'],
    ['a look-alike host', 'https://api.example.com.other.example/v1/'],
    ['a look-alike path', 'https://api.example.com/v1xyz/notes'],
    ['its origin outside the path', 'https://api.example.com/admin'],
    ['a path that leaves', 'https://api.example.com/v1/../admin'],
    ['a path that leaves in disguise', 'https://api.example.com/v1/%2e%2e/admin'],
    ['a URL object', new URL('https://other.example/v1/notes')],
    ['a Request object', new Request('https://other.example/v1/notes')],
  ])('does not go to %s, and the caller’s own does', async (_name, input) => {
    const { client, sent } = recording()
    await client.fetch(input)
    await client.fetch(input, { headers: { Authorization: 'Basic own' } })
    expect(sent.map(authorizationOf)).toEqual([null, 'Basic own'])
  })

  it('replaces the caller’s own', async () => {
    const { client, sent } = recording()
    const headers = { Authorization: 'Basic own', 'X-Own': 'mine' }
    await client.fetch(url, { headers })
    await client.fetch(new Request(url, { headers }))
    expect(sent.map(authorizationOf)).toEqual(['Bearer secret', 'Bearer secret'])
    expect(sent.map((request) => request.headers.get('X-Own'))).toEqual(['mine', 'mine'])
  })

  it('is put on no Request of the caller’s', async () => {
    const { client } = recording()
    const request = new Request(url)
    await client.fetch(request)
    expect(authorizationOf(request)).toBe(null)
  })

  it('stays behind when the API redirects elsewhere, and what is answered there ends nothing', async () => {
    const { server, client, notes, token } = await signedIn()
    const other = await startApiServer()
    server.answer('GET /api/notes', answers.status(302, { Location: `${other.baseUrl}/notes` }))
    const response = await client.fetch(notes)
    expect(response).toMatchObject({ status: 401, redirected: true, url: `${other.baseUrl}/notes` })
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('goes with a redirect within the API, and what is answered there counts', async () => {
    const { server, client, notes, token } = await signedIn()
    server.answer('GET /api/notes', answers.status(302, { Location: '/api/moved' }))
    expect(await (await client.fetch(notes)).json()).toEqual([`private note of ${ada.email}`])
    expect(server.received('GET /api/moved').map((request) => request.token)).toEqual([token])
    server.answer('GET /api/moved', answers.status(401))
    expect(await failure(client.fetch(notes))).toEqual(ended('rejected'))
  })
})

describe('what is sent', () => {
  it.each<[string, Given, string | RegExp, string | RegExp]>([
    ['a string', ['', { method: 'POST', body: 'text' }], 'text', 'text/plain;charset=UTF-8'],
    [
      'JSON',
      ['', { method: 'POST', body: '{"a":1}', headers: { 'Content-Type': 'application/json' } }],
      '{"a":1}',
      'application/json',
    ],
    [
      'parameters',
      ['', { method: 'POST', body: new URLSearchParams({ a: 'b c' }) }],
      'a=b+c',
      'application/x-www-form-urlencoded;charset=UTF-8',
    ],
    [
      'a Blob',
      ['', { method: 'POST', body: new Blob(['text'], { type: 'text/x-own' }) }],
      'text',
      'text/x-own',
    ],
    [
      'a stream',
      ['', { method: 'POST', body: new Blob(['text']).stream(), duplex: 'half' } as RequestInit],
      'text',
      '',
    ],
  ])('arrives where it is %s', async (_name, [, init], body, contentType) => {
    const { server, client, notes, token } = await signedIn()
    expect((await client.fetch(notes, init)).status).toBe(200)
    const [received] = server.received('POST /api/notes')
    expect(received).toMatchObject({ body, token })
    expect(received?.headers['content-type'] ?? '').toBe(contentType)
  })

  it('arrives where it is a form with a file', async () => {
    const { server, client, notes } = await signedIn()
    const body = new FormData()
    body.set('title', 'Ada’s')
    body.set('file', new File(['content'], 'note.txt', { type: 'text/plain' }))
    await client.fetch(notes, { method: 'POST', body })
    const [received] = server.received('POST /api/notes')
    const form = await new Response(received?.body ?? '', {
      headers: { 'Content-Type': received?.headers['content-type'] ?? '' },
    }).formData()
    expect(form.get('title')).toBe('Ada’s')
    expect(await (form.get('file') as File).text()).toBe('content')
  })

  it('arrives where it is the body of a Request, and of one that is changed', async () => {
    const { server, client, notes } = await signedIn()
    const make = () => new Request(notes, { method: 'POST', body: 'of the request' })
    await client.fetch(make())
    await client.fetch(make(), { method: 'PUT', headers: { 'X-Own': 'mine' } })
    expect(server.received('POST /api/notes')[0]).toMatchObject({ body: 'of the request' })
    const [changed] = server.received('PUT /api/notes')
    expect(changed).toMatchObject({ body: 'of the request', headers: { 'x-own': 'mine' } })
  })

  it('is what the caller says: every option reaches the `fetch` option', async () => {
    const { client, sent } = recording()
    const init = {
      method: 'DELETE',
      keepalive: true,
      credentials: 'include',
      mode: 'same-origin',
      redirect: 'manual',
      referrerPolicy: 'origin',
      integrity: 'sha256-abc',
    } as const
    await client.fetch(url, init)
    await client.fetch(new Request(url, init))
    for (const request of sent) expect(request).toMatchObject(init)
  })

  it('goes with the `credentials` option, unless the caller says otherwise', async () => {
    const { client, sent } = recording({ credentials: 'include' })
    await client.fetch(url)
    await client.fetch(url, { credentials: 'omit' })
    await client.fetch(new Request(url, { credentials: 'omit' }))
    expect(sent.map(({ credentials }) => credentials)).toEqual(['include', 'omit', 'omit'])
  })

  it('rejects, and does not throw, where it is no request', async () => {
    const { client, sent } = recording()
    const errors = [client.fetch('https://['), client.fetch(url, { body: 'of a GET' })].map(failure)
    expect(await Promise.all(errors)).toEqual([expect.any(TypeError), expect.any(TypeError)])
    expect(sent).toEqual([])
  })

  it('rejects with SignedOutError before touching the network while nobody is signed in', async () => {
    const send = vi.fn(async () => Response.json([]))
    const { client } = makeClient({
      baseUrl: 'https://api.example.com',
      storage: memoryStorage(),
      fetch: send,
    })
    expect(await failure(client.fetch('https://api.example.com/notes'))).toBeInstanceOf(SignedOutError)
    expect(await failure(client.fetch('https://other.example/'))).toBeInstanceOf(SignedOutError)
    expect(send).not.toHaveBeenCalled()
  })

  it('belongs to the session in which it is called, also where that ends in the same tick', async () => {
    const { server, client, notes } = await signedIn()
    const errors = [client.fetch(notes), client.api('notes')].map(failure)
    client.setSession(server.issue(bob.email))
    expect(await Promise.all(errors)).toEqual([ended('replaced'), ended('replaced')])
    expect(server.received('GET /api/notes').map(({ token }) => token)).not.toContainEqual(
      expect.stringContaining(bob.email),
    )
  })

  it('is given up when its session ends on the way', async () => {
    const { server, client, notes } = await signedIn()
    const { arrived, closed } = hang(server, 'GET /api/notes')
    const error = failure(client.fetch(notes))
    await arrived
    await client.login(bob)
    expect(await error).toEqual(ended('replaced'))
    await closed
    server.answer('GET /api/notes', answers.json(['of the next session']))
    expect(await (await client.fetch(notes)).json()).toEqual(['of the next session'])
  })
})

describe('none of ky’s habits', () => {
  it.each([400, 403, 404, 408, 413, 429, 500, 503])('a %i is an answer like any other', async (status) => {
    const { server, client, notes, token } = await signedIn()
    server.answer('GET /api/notes', answers.json({ message: 'No' }, status, { 'Retry-After': '0' }))
    const response = await client.fetch(notes)
    expect(response).toMatchObject({ status, ok: false })
    expect(await response.json()).toEqual({ message: 'No' })
    expect(server.received('GET /api/notes')).toHaveLength(1)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('no answer is a TypeError, and is not asked for again', async () => {
    const { server, client, notes, token } = await signedIn()
    server.answer('GET /api/notes', answers.reset)
    expect(await failure(client.fetch(notes))).toBeInstanceOf(TypeError)
    expect(server.received('GET /api/notes')).toHaveLength(1)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('no answer is waited for with a timer', async () => {
    const arrived = deferred()
    const answered = deferred()
    const { client } = recording({
      fetch: async () => {
        arrived.resolve()
        await answered.promise
        return Response.json(['late'])
      },
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] })
    try {
      const response = client.fetch(url)
      await arrived.promise
      expect(vi.getTimerCount()).toBe(0)
      vi.advanceTimersByTime(3_600_000)
      answered.resolve()
      expect(await (await response).json()).toEqual(['late'])
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a rejected token', () => {
  it('rejects with SessionEndedError and ends the session, without a logout request', async () => {
    const { server, client, notes, user, onSignOut } = await signedIn()
    server.answer('GET /api/notes', answers.status(401))
    expect(await Promise.all([1, 2, 3].map(() => failure(client.fetch(notes))))).toEqual([
      ended('rejected'),
      ended('rejected'),
      ended('rejected'),
    ])
    expect(client.getState()).toEqual({ status: 'signed-out', user: null, token: null, reason: 'rejected' })
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
    expect(onSignOut.mock.calls).toEqual([[{ reason: 'rejected', user }]])
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })

  it('is not what a 401 of another host, or outside the path, means', async () => {
    const { server, client, token } = await signedIn()
    const other = await startApiServer()
    server.answer('GET /admin', answers.status(401))
    expect((await client.fetch(`${other.baseUrl}/notes`)).status).toBe(401)
    expect((await client.fetch(`${server.origin}/admin`)).status).toBe(401)
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })
})

const bytes = new TextEncoder()

/** All that a stream gives. */
const drain = async (stream: ReadableStream<Uint8Array> | null) => {
  let text = ''
  const decoder = new TextDecoder()
  const reader = stream?.getReader()
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {}
    if (done) return text
    text += decoder.decode(value, { stream: true })
  }
}

describe('the response', () => {
  const body = '["private note"]'

  const answered = async (answer: Answer = answers.text(body, 'application/json')) => {
    const app = await signedIn()
    app.server.answer('GET /api/notes', answer)
    app.server.answer('HEAD /api/notes', answer)
    return { ...app, response: await app.client.fetch(app.notes) }
  }

  it('is a Response, with all that the API has said', async () => {
    const { response, notes } = await answered(
      answers.json(['a note'], 201, { 'X-Total': '1', ETag: '"v1"' }),
    )
    expect(response).toBeInstanceOf(Response)
    expect(Object.prototype.toString.call(response)).toBe('[object Response]')
    expect(response).toMatchObject({
      url: notes,
      status: 201,
      statusText: 'Created',
      ok: true,
      redirected: false,
      type: 'basic',
      bodyUsed: false,
    })
    expect(response.headers.get('X-Total')).toBe('1')
    expect(response.headers.get('ETag')).toBe('"v1"')
    expect(Object.keys(response)).toEqual([])
  })

  it.each<[string, (response: Response) => Promise<unknown>, unknown]>([
    ['text()', (response) => response.text(), body],
    ['json()', (response) => response.json(), ['private note']],
    ['arrayBuffer()', async (response) => new Uint8Array(await response.arrayBuffer()), bytes.encode(body)],
    ['blob()', async (response) => (await response.blob()).text(), body],
    ['a clone’s json()', (response) => response.clone().json(), ['private note']],
    ['a clone of a clone', (response) => response.clone().clone().text(), body],
    ['a stream’s reader', (response) => drain(response.body), body],
    ['a clone’s stream', (response) => drain(response.clone().body), body],
    [
      'its own stream when there is a clone',
      (response) => {
        const copy = response.clone()
        return Promise.all([drain(response.body), copy.text()])
      },
      [body, body],
    ],
    [
      'its own stream, looked at before there is a clone',
      (response) => {
        const stream = response.body
        const copy = response.clone()
        return Promise.all([drain(stream), copy.text()])
      },
      [body, body],
    ],
    [
      'for await',
      async (response) => {
        let text = ''
        const stream = response.body as unknown as AsyncIterable<Uint8Array>
        for await (const chunk of stream) text += new TextDecoder().decode(chunk)
        return text
      },
      body,
    ],
    [
      'pipeThrough',
      async (response) => {
        let text = ''
        const stream = response.body?.pipeThrough(new TextDecoderStream())
        for await (const chunk of stream as unknown as AsyncIterable<string>) text += chunk
        return text
      },
      body,
    ],
    ['tee()', async (response) => Promise.all((response.body?.tee() ?? []).map(drain)), [body, body]],
    [
      'a Response made of its stream',
      (response) => new Response(response.body, response).json(),
      ['private note'],
    ],
  ])('is read by %s', async (_name, read, expected) => {
    const { response } = await answered()
    expect(await read(response)).toEqual(expected)
  })

  it('is read by formData()', async () => {
    const { response } = await answered(answers.text('a=b+c', 'application/x-www-form-urlencoded'))
    expect((await response.formData()).get('a')).toBe('b c')
  })

  it('is read by formData() of parts', async () => {
    const { response } = await answered(
      answers.text(
        '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
        'multipart/form-data; boundary=x',
      ),
    )
    expect((await response.formData()).get('a')).toBe('b')
  })

  it('is used once: by what reads it whole, and by a stream from its first read', async () => {
    const { client, notes } = await answered()
    const whole = await client.fetch(notes)
    await whole.text()
    expect(whole.bodyUsed).toBe(true)
    expect(await failure(whole.text())).toBeInstanceOf(TypeError)
    expect(await failure(drain(whole.body))).toBeInstanceOf(TypeError)
    expect(() => whole.clone()).toThrow(TypeError)

    const streamed = await client.fetch(notes)
    const reader = streamed.body?.getReader()
    await reader?.read()
    expect(streamed.bodyUsed).toBe(true)
    expect(streamed.body?.locked).toBe(true)
    expect(await failure(streamed.text())).toBeInstanceOf(TypeError)

    const original = await client.fetch(notes)
    expect(await original.clone().text()).toBe(body)
    expect(original.bodyUsed).toBe(false)
    expect(await original.text()).toBe(body)
  })

  it('hands on a body that does not arrive in one piece', async () => {
    const { response } = await answered((answer) => {
      answer.writeHead(200)
      for (let part = 0; part < 50; part += 1) answer.write('x'.repeat(10_000))
      answer.end()
    })
    expect(await drain(response.body)).toBe('x'.repeat(500_000))
  })

  it('fails as the connection does', async () => {
    const { response } = await answered((answer) => {
      answer.writeHead(200, { 'Content-Length': '100' })
      answer.write('beginning')
      setTimeout(() => answer.destroy(), 20)
    })
    const copy = response.clone()
    expect(await failure(response.text())).toBeInstanceOf(TypeError)
    expect(await failure(drain(copy.body))).toBeInstanceOf(TypeError)
  })

  it.each([
    ['before it is read', false],
    ['while it is read', true],
  ])('is no longer sent when its stream is cancelled %s', async (_name, isRead) => {
    const { server, client, notes } = await signedIn()
    const { closed } = hang(server, 'GET /api/notes', 'beginning')
    const response = await client.fetch(notes)
    const reader = response.body?.getReader()
    if (isRead) await reader?.read()
    await reader?.cancel()
    await closed
    expect(response.bodyUsed).toBe(true)
  })

  it.each([204, 205, 304])('has no body where it is a %i', async (status) => {
    const { response } = await answered(answers.status(status))
    expect(response).toMatchObject({ status, body: null, bodyUsed: false })
    expect(await response.clone().text()).toBe('')
    expect(await response.text()).toBe('')
  })

  it('has no body where it answers a HEAD', async () => {
    const { client, notes } = await answered()
    const response = await client.fetch(notes, { method: 'HEAD' })
    expect(response.headers.get('Content-Type')).toBe('application/json')
    expect(await drain(response.body)).toBe('')
  })

  it('lets whoever is given it put something else in the place of its methods, as any Response does', async () => {
    const { response } = await answered()
    response.json = async () => 'decorated'
    expect(await response.json()).toBe('decorated')
    Object.defineProperty(response, 'text', { get: () => async () => 'redefined' })
    expect(await response.text()).toBe('redefined')
  })

  it('comes through the `fetch` of another client’s session', async () => {
    const { client, notes } = await answered()
    const outer = makeClient({
      baseUrl: 'https://api.example.com/v1',
      storage: memoryStorage(),
      fetch: () => client.fetch(notes),
    })
    outer.client.setSession({ user: { id: '1', email: ada.email }, token: 'secret' })
    expect(await (await outer.client.fetch(url)).json()).toEqual(['private note'])
    expect(await outer.client.api('notes').json()).toEqual(['private note'])
  })
})

/** What somebody may wait for when the session ends: begun by the function, under way when it has returned. */
const waits: [string, (response: Response) => Promise<unknown>][] = [
  ['text()', (response) => response.text()],
  ['json()', (response) => response.json()],
  ['arrayBuffer()', (response) => response.arrayBuffer()],
  ['blob()', (response) => response.blob()],
  ['a clone’s json()', (response) => response.clone().json()],
  ['a clone of a clone', (response) => response.clone().clone().text()],
  ['text() when there is a clone', (response) => (response.clone(), response.text())],
  ['a stream’s read', (response) => drain(response.body)],
  ['a clone’s stream', (response) => drain(response.clone().body)],
  ['its own stream when there is a clone', (response) => (response.clone(), drain(response.body))],
  [
    'for await',
    async (response) => {
      for await (const _ of response.body as unknown as AsyncIterable<Uint8Array>);
    },
  ],
  ['pipeTo', (response) => response.body?.pipeTo(new WritableStream()) ?? Promise.resolve()],
  ['pipeThrough', (response) => drain(response.body?.pipeThrough(new TransformStream()) ?? null)],
  ['a Response made of its stream', (response) => new Response(response.body).text()],
]

describe('the end of the session', () => {
  it('rejects what waits for headers at once, and closes the connection', async () => {
    const { server, client, notes } = await signedIn()
    const { arrived, closed } = hang(server, 'GET /api/notes')
    const errors = [failure(client.fetch(notes)), failure(client.getSession().fetch(new Request(notes)))]
    await arrived
    void client.logout()
    expect(await Promise.all(errors)).toEqual([ended('logout'), ended('logout')])
    await closed
  })

  it('rejects what sends a body at once, and closes the connection', async () => {
    const { client, server, notes } = await signedIn()
    const { arrived, closed } = hang(server, 'POST /api/notes')
    const error = failure(client.fetch(notes, { method: 'POST', body: 'x'.repeat(1_000_000) }))
    await arrived
    void client.logout()
    expect(await error).toEqual(ended('logout'))
    await closed
  })

  it.each(waits)('rejects %s at once, and closes the connection', async (_name, wait) => {
    const { server, client, notes } = await signedIn()
    const { closed } = hang(server, 'GET /api/notes', '["private')
    const error = failure(wait(await client.fetch(notes)))
    // What has arrived has been read by then.
    await new Promise((resolve) => setTimeout(resolve, 20))
    void client.logout()
    expect(await error).toEqual(ended('logout'))
    await closed
  })

  it.each(waits)('rejects %s that begins after it, at once', async (_name, wait) => {
    const { server, client, notes } = await signedIn()
    const { closed } = hang(server, 'GET /api/notes', '["private')
    const response = await client.fetch(notes)
    await client.logout()
    await client.login(bob)
    expect(await failure(wait(response))).toEqual(ended('logout'))
    await closed
  })

  it.each(waits)('rejects %s of an answer that had arrived', async (_name, wait) => {
    const { client, notes } = await signedIn()
    const response = await client.fetch(notes)
    await client.login(bob)
    expect(await failure(wait(response))).toEqual(ended('replaced'))
  })

  it.each(waits)('rejects %s of a `fetch` that ignores its signal', async (_name, wait) => {
    const { client, notes } = await signedIn({
      fetch: async (request) => {
        if (!request.url.endsWith('/notes')) return fetch(request)
        return new Response(
          new ReadableStream({ start: (controller) => controller.enqueue(bytes.encode('[')) }),
        )
      },
    })
    const error = failure(wait(await client.fetch(notes)))
    await new Promise((resolve) => setTimeout(resolve, 20))
    void client.logout()
    expect(await error).toEqual(ended('logout'))
  })

  it('rejects the next read of a stream between two reads, and closes the connection', async () => {
    const { server, client, notes } = await signedIn()
    const { closed } = hang(server, 'GET /api/notes', 'beginning')
    const reader = (await client.fetch(notes)).body?.getReader()
    expect((await reader?.read())?.value).toEqual(bytes.encode('beginning'))
    void client.logout()
    expect(await failure(reader?.read() ?? Promise.resolve())).toEqual(ended('logout'))
    expect(await failure(reader?.closed ?? Promise.resolve())).toEqual(ended('logout'))
    await closed
  })

  it('keeps an answer from whoever reads it in the same moment', async () => {
    const { client, notes } = await signedIn()
    const response = await client.fetch(notes)
    const text = response.clone().text()
    const copy = response.text()
    const errors = [failure(text), failure(copy)]
    void client.logout()
    expect(await Promise.all(errors)).toEqual([ended('logout'), ended('logout')])
  })

  it('is not felt by what was read before', async () => {
    const { client, notes } = await signedIn()
    const response = await client.fetch(notes)
    const json = await response.json()
    await client.logout()
    expect(json).toEqual([`private note of ${ada.email}`])
    expect(response).toMatchObject({ status: 200, bodyUsed: true })
  })
})

describe('a caller’s own signal', () => {
  const reason = new Error('changed my mind')

  it.each<[string, (notes: string, signal: AbortSignal) => Given]>([
    ['an option', (notes, signal) => [notes, { signal }]],
    ['a Request’s', (notes, signal) => [new Request(notes, { signal })]],
    [
      'an option beside a Request’s',
      (notes, signal) => [new Request(notes, { signal: new AbortController().signal }), { signal }],
    ],
  ])('that is %s aborts before, during the headers and during the body', async (_name, give) => {
    const { server, client, notes, token } = await signedIn()
    expect(await failure(client.fetch(...give(notes, AbortSignal.abort(reason))))).toBe(reason)
    expect(server.received('GET /api/notes')).toEqual([])

    const headers = hang(server, 'GET /api/notes')
    const early = new AbortController()
    const error = failure(client.fetch(...give(notes, early.signal)))
    await headers.arrived
    early.abort(reason)
    expect(await error).toBe(reason)
    await headers.closed

    const body = hang(server, 'GET /api/notes', 'beginning')
    const late = new AbortController()
    const response = await client.fetch(...give(notes, late.signal))
    const errors = [failure(response.clone().text()), failure(drain(response.body))]
    late.abort(reason)
    expect(await Promise.all(errors)).toEqual([reason, reason])
    await body.closed
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })

  it('and the session’s end abort what Node could have let go of since it was sent', async () => {
    const { server, client, notes } = await signedIn()
    const controller = new AbortController()
    const bodies = ['one', 'other'].map((name) => hang(server, `GET /api/notes?${name}`, 'beginning'))
    const responses = [
      await client.fetch(`${notes}?one`, { signal: controller.signal }),
      await client.fetch(`${notes}?other`),
    ]
    const errors = responses.map((response) => failure(response.text()))
    await collectGarbage()
    controller.abort(reason)
    void client.logout()
    expect(await Promise.all(errors)).toEqual([reason, ended('logout')])
    await Promise.all(bodies.map(({ closed }) => closed))
  })

  it('is not that of a Request where the options name another', async () => {
    const { client, notes } = await signedIn()
    const request = new Request(notes, { signal: AbortSignal.abort(reason) })
    expect((await client.fetch(request, { signal: null })).status).toBe(200)
  })

  it('does not keep the session’s end from aborting, whose reason counts', async () => {
    const { server, client, notes } = await signedIn()
    const { arrived } = hang(server, 'GET /api/notes')
    const { signal } = new AbortController()
    const error = failure(client.fetch(notes, { signal }))
    await arrived
    void client.logout()
    expect(await error).toEqual(ended('logout'))
    expect(await failure(client.getSession().fetch(notes, { signal: AbortSignal.abort(reason) }))).toEqual(
      expect.any(SignedOutError),
    )
  })

  it('may be the session’s', async () => {
    const { server, client, notes } = await signedIn()
    const { arrived } = hang(server, 'GET /api/notes')
    const { fetch, signal } = client.getSession()
    const error = failure(fetch(notes, { signal }))
    await arrived
    void client.logout()
    expect(await error).toEqual(ended('logout'))
  })
})

describe('`api`, which sends by it,', () => {
  it('hears the caller’s own signal while the body of its response is read', async () => {
    const { server, client, notes } = await signedIn()
    const ways = [
      (signal: AbortSignal) => client.api('notes', { signal }),
      (signal: AbortSignal) => client.api(new Request(notes, { signal })),
    ]
    for (const send of ways) {
      const { closed } = hang(server, 'GET /api/notes', '["private')
      const controller = new AbortController()
      const error = failure((await send(controller.signal)).json())
      controller.abort(new Error('changed my mind'))
      expect(await error).toMatchObject({ message: 'changed my mind' })
      await closed
    }
  })

  it.each<[string, (client: ReturnType<typeof makeClient>['client']) => unknown, unknown]>([
    ['the session ends', (client) => client.logout(), ended('logout')],
    ['the caller’s signal is aborted', () => {}, expect.objectContaining({ message: 'changed my mind' })],
  ])('does not wait for a schema when %s', async (_name, end, expected) => {
    const { client } = await signedIn()
    const asked = deferred()
    const controller = new AbortController()
    const schema = {
      '~standard': {
        version: 1,
        vendor: 'own',
        validate: () => {
          asked.resolve()
          return new Promise<never>(() => {})
        },
      },
    } as const
    const error = failure(client.api('notes', { signal: controller.signal }).json(schema))
    await asked.promise
    void end(client)
    controller.abort(new Error('changed my mind'))
    expect(await error).toEqual(expected)
  })

  it('gives up on a body for which its time-out is over', async () => {
    const { server, client } = await signedIn()
    const { closed } = hang(server, 'GET /api/notes', '["private')
    expect(await failure(client.api('notes', { timeout: 200 }).json())).toMatchObject({
      name: 'TimeoutError',
    })
    await closed
  })

  it('keeps ky’s ways with a response: its own parser, hooks that read, and what an error says', async () => {
    const { server, client } = await signedIn()
    const parsed = client.api.extend({ parseJson: (text) => ({ parsed: text }) })
    expect(await parsed('notes').json()).toEqual({ parsed: `["private note of ${ada.email}"]` })
    expect(await (await parsed('notes')).json()).toEqual({ parsed: `["private note of ${ada.email}"]` })

    const seen: unknown[] = []
    const hooked = client.api.extend({
      hooks: { afterResponse: [async ({ response }) => void seen.push(await response.json())] },
    })
    const response = await hooked('notes')
    expect(await drain(response.body)).toBe(`["private note of ${ada.email}"]`)
    server.answer('GET /api/notes', answers.json({ message: 'Too long' }, 422))
    expect(await failure(hooked('notes'))).toMatchObject({ data: { message: 'Too long' } })
    expect(seen).toEqual([[`private note of ${ada.email}`], { message: 'Too long' }])
  })

  it('tells of progress, up to the session’s end', async () => {
    const { server, client } = await signedIn()
    const onDownloadProgress = vi.fn()
    expect(await client.api('notes', { onDownloadProgress }).json()).toEqual([`private note of ${ada.email}`])
    expect(onDownloadProgress).toHaveBeenCalled()
    const { closed } = hang(server, 'GET /api/notes', '["private')
    const error = failure((await client.api('notes', { onDownloadProgress })).text())
    void client.logout()
    expect(await error).toEqual(ended('logout'))
    await closed
  })
})

it('a text stream, where a browser has one, ends with the session', async () => {
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('a word of ada ')),
  })
  const { client } = makeClient({
    baseUrl: 'https://api.example.com',
    storage: memoryStorage(),
    endpoints: { logout: null },
    fetch: async () => Object.assign(new Response(body), { textStream: () => body }),
  })
  client.setSession({ user: { id: '1', email: ada.email }, token: 'token-of-ada' })
  const response = await client.fetch('https://api.example.com/words')
  const stream = Reflect.apply(
    Reflect.get(response, 'textStream') as () => ReadableStream<string>,
    response,
    [],
  )
  const reader = stream.getReader()
  expect((await reader.read()).value).toBe('a word of ada ')
  await client.logout()
  // What was read ahead has been: the pipe holds a chunk or two.
  const rest = Array.from({ length: 5 }, () => reader.read())
  await expect(Promise.all(rest)).rejects.toEqual(new SessionEndedError('logout'))
})
