import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LoopbackServer {
  /** Its address, without a slash at its end. */
  origin: string
  close: () => Promise<void>
}

/** Lets a server listen on a free port of this machine. */
export const listen = async (server: Server): Promise<LoopbackServer> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
