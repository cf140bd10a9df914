import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { createApi, type CreateApiOptions } from '../../example/api/createApi.ts'

export interface ExampleServer {
  /** The server's root, without a slash at its end. The API is below `/api`. */
  url: string
  close(): Promise<void>
}

/**
 * Serves the example's API on a free port of `localhost`. Without a `dataDirectory` it has a temporary one
 * of its own, which goes when the server closes. Its tokens outlive any test, unless `tokenSeconds` is there.
 */
export async function startExampleApi(options: CreateApiOptions = {}): Promise<ExampleServer> {
  const temporary = options.dataDirectory === undefined ? await makeTemporaryDirectory() : null
  const api = await createApi({ dataDirectory: temporary ?? undefined, tokenSeconds: 3600, ...options })
  const server = createServer(getRequestListener(api.app.fetch, { overrideGlobalObjects: false }))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, 'localhost', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://localhost:${port}`,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      api.close()
      if (temporary !== null) await rm(temporary, { recursive: true })
    },
  }
}

/** Makes a folder for a test that starts the API more than once. The caller removes it. */
export function makeTemporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'signoff-'))
}
