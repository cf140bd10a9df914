import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { rm } from 'node:fs/promises'
import { getRequestListener } from '@hono/node-server'
import type * as Microgen from 'microgen-v3-sdk'
import { expect } from 'vitest'
import { createApi } from '../../example/api/createApi.ts'
import { demoUser } from '../../example/demoUser.ts'
import { makeTemporaryDirectory } from '../support/exampleServer.ts'
import { listen } from './listen.ts'
import type { RecipeServer } from './RecipeServer.ts'

/**
 * The example's API where Microgen's is: below the key of an app. Their own SDK, unchanged, speaks with it too, and says
 * here whether a token lives.
 */
export const startMicrogen = async (): Promise<RecipeServer> => {
  const { MicrogenClient }: typeof Microgen = createRequire(import.meta.url)('microgen-v3-sdk')
  const dataDirectory = await makeTemporaryDirectory()
  const api = await createApi({ dataDirectory, tokenSeconds: 3600 })
  const answer = getRequestListener(api.app.fetch, { overrideGlobalObjects: false })
  const server = createServer((request, response) => {
    request.url = (request.url ?? '').replace('/api/v1/API_KEY/', '/api/')
    void answer(request, response)
  })
  const { origin, close } = await listen(server)
  const microgen = new MicrogenClient({ apiKey: 'API_KEY', queryUrl: `${origin}/api/v1/` })
  const { email, password, ...names } = demoUser

  return {
    origin,
    credentials: { email, password },
    user: { email, ...names },
    privatePath: 'notes',
    privateAnswer: [expect.any(Object), expect.any(Object), expect.any(Object)],
    isAlive: async (token) => (await microgen.auth.user(undefined, token)).status === 200,
    expire: async (token) => {
      await microgen.auth.logout(token)
      return [token]
    },
    close: async () => {
      await close()
      api.close()
      await rm(dataDirectory, { recursive: true })
    },
  }
}
