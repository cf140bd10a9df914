import { afterEach } from 'vitest'
import { type ApiServer, openApiServer } from './openApiServer.ts'

export * from './openApiServer.ts'

/** The server for one test: it closes after it. */
export const startApiServer = async (): Promise<ApiServer> => {
  const server = await openApiServer()
  afterEach(server.close)
  return server
}
