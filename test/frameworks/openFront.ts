import { createServer, request } from 'node:http'
import { type ApiServer, openApiServer } from '../support/openApiServer.ts'
import { listen } from '../recipes/listen.ts'

/** One address for the pages and for the API: an app is built for it, so it outlives the API, which each test has its own of. */
export interface Front {
  origin: string
  /** Of the server that renders the pages. */
  pages: string
  /** The API of the test. */
  api: ApiServer
  /** Gives the next test an API of its own. */
  renew: () => Promise<void>
  close: () => Promise<void>
}

export const openFront = async (): Promise<Front> => {
  const server = createServer((incoming, response) => {
    const { method, url = '', headers } = incoming
    const target = url.startsWith('/api/') ? front.api.origin : front.pages
    const forwarded = request(target + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    response.on('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  })
  const { origin, close } = await listen(server)

  const front: Front = {
    origin,
    pages: '',
    api: await openApiServer(),
    renew: async () => {
      await front.api.close()
      front.api = await openApiServer()
    },
    close: async () => {
      await front.api.close()
      await close()
    },
  }
  return front
}
