import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import { deferred } from '../support/openApiServer.ts'
import { listen, type LoopbackServer } from '../recipes/listen.ts'

export interface GatewayRequest {
  route: string
  headers: IncomingHttpHeaders
  body: string
}

/** Stands before a backend: what the browser sends passes through it. */
export interface Gateway extends LoopbackServer {
  /** Everything that has passed, the first one first. */
  requests: GatewayRequest[]
  /**
   * Holds the next answer of a route, once the backend has given it.
   *
   * @returns When the backend has answered, what lets the answer go on, and when the browser has hung up.
   */
  hold: (route: string) => { answered: Promise<unknown>; release: () => void; closed: Promise<unknown> }
}

export const openGateway = async (backend: string): Promise<Gateway> => {
  const requests: GatewayRequest[] = []
  const held = new Map<string, { answer: () => void; released: Promise<unknown>; close: () => void }>()

  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming
    const route = `${method} ${url}`
    const passed: GatewayRequest = { route, headers, body: '' }
    requests.push(passed)
    const forwarded = request(backend + url, { method, headers }, async (answer) => {
      const hold = held.get(route)
      held.delete(route)
      if (hold) response.on('close', hold.close)
      hold?.answer()
      await hold?.released
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    incoming.on('data', (chunk: Buffer) => (passed.body += chunk.toString()))
    incoming.pipe(forwarded)
  })

  return {
    ...(await listen(server)),
    requests,
    hold: (route) => {
      const [answered, released, closed] = [deferred(), deferred(), deferred()]
      held.set(route, { answer: answered.resolve, released: released.promise, close: closed.resolve })
      return { answered: answered.promise, release: released.resolve, closed: closed.promise }
    },
  }
}
