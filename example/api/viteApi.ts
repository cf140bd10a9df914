import { getRequestListener } from '@hono/node-server'
import type { Plugin, PreviewServer, ViteDevServer } from 'vite'
import { createApi, type CreateApiOptions } from './createApi.ts'

const belowApi = /^\/api(?:[/?]|$)/

/** Serves the API under `/api` in Vite's own process, in development and in preview. */
export function viteApi(options: CreateApiOptions): Plugin {
  const mount = async (server: ViteDevServer | PreviewServer): Promise<void> => {
    const { app, close } = await createApi(options)
    // Vite shares the process: its Request and Response stay the platform's.
    const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
    server.middlewares.use((request, response, next) => {
      if (belowApi.test(request.url ?? '')) void answer(request, response)
      else next()
    })
    server.httpServer?.once('close', close)
  }
  return { name: 'example-api', configureServer: mount, configurePreviewServer: mount }
}
