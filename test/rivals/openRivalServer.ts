import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import sirv from 'sirv'
import { pagesFolder } from './buildPages.ts'
import { createFamily, type Family, type Leniency } from './createFamily.ts'
import { type Fate, noFates } from './createFates.ts'
import { type Asked, dialects, privateAnswers } from './dialects.ts'

/** Milliseconds that an answer takes. */
const latency = 50

const readBody = async (request: IncomingMessage): Promise<Asked['body']> => {
  const body = await text(request)
  if (request.headers['content-type']?.includes('json')) return JSON.parse(body) as Asked['body']
  return Object.fromEntries(new URLSearchParams(body))
}

/** The pages and the APIs of one user, on an origin of their own: nothing is shared with another's run. */
export const openRivalServer = async () => {
  const serveFile = sirv(pagesFolder, { dev: false, maxAge: 3600, immutable: true })
  let family: Family = createFamily('strict', Date.now)
  let nextFate: () => Fate = noFates
  /** Milliseconds by which the clock of the pages is set forward. */
  let moved = 0
  let refreshes = 0
  let underway = 0
  let whenDead = (): void => {}

  const send = (response: ServerResponse, body: unknown, status = 200): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    response.end(JSON.stringify(body))
  }

  const handOut = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const dialect = dialects[url.pathname]
    if (!dialect) return send(response, { message: 'Not found' }, 404)
    // Cookies know no port.
    const name = `refresh-${request.socket.localPort}`
    const [, cookie] = new RegExp(`${name}=([^;]+)`).exec(request.headers.cookie ?? '') ?? []
    const refreshToken = dialect.readRefreshToken({ url, body: await readBody(request), cookie })
    if (refreshToken !== undefined) refreshes += 1
    const fate = refreshToken === undefined ? 'answered' : nextFate()
    if (fate === 'busy') return send(response, { message: 'Try again later' }, 503)
    const pair = refreshToken === undefined ? family.open() : family.refresh(refreshToken)
    if (family.isDead()) whenDead()
    if (!pair) return send(response, dialect.refusal[1], dialect.refusal[0])
    await setTimeout(latency)
    if (fate === 'lost') {
      family.lose(refreshToken ?? '')
      response.destroy()
      return undefined
    }
    response.setHeader(
      'Set-Cookie',
      `${name}=${pair.refreshToken}; Path=/api/auth; HttpOnly; SameSite=Strict`,
    )
    return send(response, dialect.answer(pair))
  }

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    if (url.pathname === '/api/oauth/authorize') {
      const state = url.searchParams.get('state')
      const back = new URLSearchParams({ code: 'code', ...(state !== null && { state }) })
      response.writeHead(302, { Location: `${url.searchParams.get('redirect_uri')}?${back}` })
      response.end()
      return
    }
    const known = privateAnswers[url.pathname]
    if (known === undefined) return handOut(request, response, url)
    const isAccepted = family.accepts(request.headers.authorization?.replace('Bearer ', '') ?? '')
    await setTimeout(latency)
    return isAccepted ? send(response, known) : send(response, { message: 'Unauthorized' }, 401)
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (!url.pathname.startsWith('/api/')) {
      if (!url.pathname.startsWith('/page/')) return serveFile(request, response)
      response.setHeader('Content-Type', 'text/html')
      const script = url.pathname.slice('/page/'.length)
      response.end(
        `<!doctype html><link rel="icon" href="data:,"><body>${script && `<script type="module" src="/${script}.js"></script>`}`,
      )
      return undefined
    }
    // A browser sends once more by itself what was lost on a connection that had worked before.
    response.setHeader('Connection', 'close')
    underway += 1
    return void answer(request, response, url).finally(() => (underway -= 1))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Begins anew: nobody has logged in, and every refresh is answered. */
    begin: (leniency: Leniency): void => {
      moved = 0
      family = createFamily(leniency, () => Date.now() + moved)
      nextFate = noFates
    },
    /**
     * All access tokens expire.
     *
     * @param milliseconds - By which the clock of the pages is set forward.
     * @param fates - What becomes of each refresh request from now on.
     * @returns What resolves when no token of this login works any more.
     */
    expire: (milliseconds: number, fates: () => Fate): Promise<void> => {
      moved = milliseconds
      nextFate = fates
      refreshes = 0
      family.expire()
      return new Promise((resolve) => {
        whenDead = resolve
      })
    },
    /** How many refresh requests have come since. */
    refreshes: () => refreshes,
    isDead: () => family.isDead(),
    isIdle: () => underway === 0,
    close: async (): Promise<void> => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export type RivalServer = Awaited<ReturnType<typeof openRivalServer>>
