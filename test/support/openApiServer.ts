import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TestUser {
  id: string
  email: string
}

export interface ReceivedRequest {
  method: string
  /** Path with query string, without the time. */
  path: string
  token: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void

/** React Native adds it to the address of a GET that no cache may answer. */
const time = /[?&]_=\d+$/

/** Ready-made answers for `server.answer()`. */
export const answers = {
  json:
    (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
    (response) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      response.end(JSON.stringify(body))
    },
  status:
    (status: number, headers: Record<string, string> = {}): Answer =>
    (response) => {
      response.writeHead(status, headers)
      response.end()
    },
  text:
    (body: string, contentType: string, status = 200): Answer =>
    (response) => {
      response.writeHead(status, { 'Content-Type': contentType })
      response.end(body)
    },
  never: (() => {}) satisfies Answer,
  reset: ((response) => response.socket?.destroy()) satisfies Answer,
}

/**
 * A real HTTP server on loopback that speaks the wire contract: tokens live until their logout, notes are each user's
 * own. Any path can be made to answer something else.
 *
 * @param serveDocument - Answers what is not below `/api`, where pages come from the same origin.
 */
export const openApiServer = async (serveDocument?: RequestListener) => {
  const requests: ReceivedRequest[] = []
  const preflights: string[] = []
  const sessions = new Map<string, TestUser>()
  const overrides = new Map<string, Answer>()
  let issued = 0

  const issue = (email: string) => {
    const user = { id: `id-of-${email}`, email }
    const token = `token-${(issued += 1)}-of-${email}`
    sessions.set(token, user)
    return { user, token }
  }

  const route = (request: ReceivedRequest): Answer => {
    const { method, path, token = '' } = request
    const override = overrides.get(`${method} ${path}`)
    if (override) return override
    const user = sessions.get(token)
    if (path === '/api/auth/login' || path === '/api/auth/register') {
      const { email, password } = JSON.parse(request.body) as Record<string, string>
      if (password === 'wrong') return answers.json({ message: 'E-mail or password is wrong' }, 401)
      return answers.json(issue(email ?? ''))
    }
    if (path === '/api/announcements') return answers.json(['public news'])
    if (!user) return answers.json({ message: 'Unauthorized' }, 401)
    if (path === '/api/auth/user') return answers.json(user)
    if (path === '/api/auth/logout') {
      sessions.delete(token)
      return answers.json({ user, token })
    }
    return answers.json([`private note of ${user.email}`])
  }

  const server = createServer((incoming, response) => {
    if (serveDocument && !incoming.url?.startsWith('/api/')) return serveDocument(incoming, response)
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Access-Control-Allow-Headers', '*, Authorization')
      response.setHeader('Access-Control-Allow-Methods', '*')
      if (incoming.method === 'OPTIONS') {
        preflights.push(incoming.url ?? '')
        const answer = overrides.get(`OPTIONS ${incoming.url}`) ?? answers.status(204)
        return answer(response, undefined as never)
      }
      const received: ReceivedRequest = {
        method: incoming.method ?? '',
        path: (incoming.url ?? '').replace(time, ''),
        token: incoming.headers.authorization?.replace(/^Bearer /, ''),
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      }
      requests.push(received)
      return route(received)(response, received)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  return {
    origin,
    baseUrl: `${origin}/api`,
    close,
    requests,
    /** The paths for which a browser has asked whether another origin may use them. */
    preflights,
    /** The tokens that the server still accepts. */
    sessions,
    issue,
    /** Makes a route answer something else: `'POST /api/auth/logout'`. */
    answer: (route: string, answer: Answer) => overrides.set(route, answer),
    /** The requests to one route so far. */
    received: (route: string) => requests.filter(({ method, path }) => `${method} ${path}` === route),
  }
}

export type ApiServer = Awaited<ReturnType<typeof openApiServer>>

/** A promise and what settles it. */
export const deferred = <T = void>() => {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}
