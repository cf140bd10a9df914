import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

/** As in a browser, an error that nobody listens to is no fault. */
class BrowserSocket extends WebSocket {
  constructor(address: string) {
    super(address)
    this.on('error', () => {})
  }
}

/** A real server of sockets on loopback, which takes a token as the first message. What it sends back says whose that is. */
export const openSocketServer = async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const received: string[] = []
  server.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => {
      received.push(data.toString())
      socket.send(`for ${data.toString()}`)
    }),
  )
  vi.stubGlobal('WebSocket', BrowserSocket)
  afterEach(() => {
    vi.unstubAllGlobals()
    server.clients.forEach((socket) => socket.terminate())
    server.close()
  })

  return {
    address: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** The sockets that are open. */
    sockets: server.clients,
    /** What the server says to all. */
    say: (text: string) => server.clients.forEach((socket) => socket.send(text)),
    /** Closes all sockets. */
    hangUp: (code: number) => server.clients.forEach((socket) => socket.close(code)),
    /** Waits until no socket is open. */
    isLeft: () => vi.waitFor(() => expect(server.clients.size).toBe(0)),
  }
}
