import { createServer, type IncomingHttpHeaders } from 'node:http'
import { listen, type LoopbackServer } from './listen.ts'

/** A request as a route sees it. */
export interface RecordedRequest {
  headers: IncomingHttpHeaders
  /** The parsed body, JSON or a form, `{}` where there is none. */
  body: Record<string, unknown>
  /** What stands behind `Bearer`, or another scheme. */
  token: string
  scheme: string
}

/** Status and body; without a body the answer is empty. */
export type RecordedAnswer = [status: number, body?: unknown, headers?: Record<string, string>]

/** What each `METHOD /path` answers; `default` answers the rest. */
export type RecordedRoutes = Record<string, (request: RecordedRequest) => RecordedAnswer>

const parseBody = (text: string, type = ''): Record<string, unknown> => {
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text))
  return text ? (JSON.parse(text) as Record<string, unknown>) : {}
}

/** A real HTTP server on loopback that answers in the shapes that were recorded of an API. */
export const openRecordedApi = (routes: RecordedRoutes): Promise<LoopbackServer> => {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const [scheme = '', token = ''] = (incoming.headers.authorization ?? '').split(' ')
      const body = parseBody(text, incoming.headers['content-type'])
      const route = routes[`${incoming.method} ${incoming.url}`] ?? routes['default']
      const [status, answer, headers] = route?.({ headers: incoming.headers, body, token, scheme }) ?? [500]
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      response.end(answer === undefined ? undefined : JSON.stringify(answer))
    })
  })
  return listen(server)
}
