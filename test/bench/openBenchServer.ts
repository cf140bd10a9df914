import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import sirv from 'sirv'
import { answerRival } from './answerRival.ts'
import { pagesFolder } from './buildPages.ts'

/** Milliseconds that an answer takes, or `never`. */
export type Delay = number | 'never'

export interface BenchServer {
  origin: string
  /** How long each answer of the API takes from now on, but for those that a page asks to be late. */
  delay: Delay
  /** Method and path of each request to the API since it was last emptied. */
  requests: string[]
  close: () => Promise<void>
}

const user = { id: '1', name: 'Ada Lovelace', email: 'ada@example.com' }

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** The document of a page. To measure its start, the script is fetched first: the network is not what is measured. */
const createDocument = (script: string, isStart: boolean): string => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <link rel="icon" href="data:,">
  <title>${script}</title>
  <body>
    <div id="root"></div>
    ${
      isStart
        ? `<script>
      fetch('/${script}.js').then((response) => response.text()).then((text) => setTimeout(() => {
        const element = document.createElement('script')
        element.text = text
        window.gc?.()
        window.startedAt = performance.now()
        document.head.append(element)
      }, 200))
    </script>`
        : `<script src="/${script}.js"></script>`
    }
  </body>
</html>`

/** The pages, and an API that speaks the wire contract of signoff, on one origin. */
export const openBenchServer = async (): Promise<BenchServer> => {
  const serveFile = sirv(pagesFolder, { dev: false })
  let issued = 0

  const answer = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const send = (body: unknown, status = 200): void => {
      response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      response.end(JSON.stringify(body))
    }
    if (path === '/api/auth/login') {
      issued += 1
      return send({ user, token: `token-${issued}` })
    }
    if (path.startsWith('/api/late'))
      return send('private note that came late', path.endsWith('fails') ? 500 : 200)
    if (answerRival(request, response, path, send)) return undefined
    if (!request.headers.authorization) return send({ message: 'Unauthorized' }, 401)
    if (path === '/api/auth/user') return send(user)
    if (path === '/api/auth/logout')
      return send({ user, token: request.headers.authorization.replace('Bearer ', '') })
    return send(`private note ${path.split('/').at(-1)}`)
  }

  const answerAfter = async (
    delay: Delay,
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> => {
    await readBody(request)
    if (delay === 'never') return
    if (delay > 0) await setTimeout(delay)
    answer(request, response, path)
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    // With these a page may measure in steps of 5 microseconds.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    if (url.pathname.startsWith('/page/')) {
      response.setHeader('Content-Type', 'text/html')
      response.end(createDocument(url.pathname.slice('/page/'.length), url.searchParams.has('isStart')))
      return
    }
    if (!url.pathname.startsWith('/api/')) {
      serveFile(request, response)
      return
    }
    const isLate = url.pathname.startsWith('/api/late')
    bench.requests.push(`${request.method} ${url.pathname}`)
    void answerAfter(isLate ? 1000 : bench.delay, request, response, url.pathname)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const bench: BenchServer = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    delay: 0,
    requests: [],
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return bench
}
