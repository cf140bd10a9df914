import { readFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { fileURLToPath, pathToFileURL } from 'node:url'
import react from '@vitejs/plugin-react'
import sirv from 'sirv'
import { build, type InlineConfig } from 'vite'
import { type ApiServer, openApiServer } from '../support/openApiServer.ts'
import type { render } from './streaming/entryServer.tsx'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const folder = path('../../node_modules/.cache/streaming')

/**
 * Builds the page as Vite builds one that a server renders: what the browser loads, and what the server runs.
 *
 * @param signoff - The package. Default: its source.
 */
export const buildStreamingPage = async (
  to = folder,
  signoff = path('../../src/index.ts'),
): Promise<void> => {
  const config: InlineConfig = {
    configFile: false,
    root: path('streaming'),
    logLevel: 'warn',
    resolve: { alias: { signoff } },
    plugins: [react()],
  }
  await build({ ...config, build: { outDir: `${to}/client`, emptyOutDir: true } })
  await build({
    ...config,
    build: { outDir: `${to}/server`, emptyOutDir: true, ssr: path('streaming/entryServer.tsx') },
  })
}

/** Serves the page, rendered anew for each request. */
export const serveStreamingPage = async (
  getBaseUrl: () => string,
  from = folder,
): Promise<RequestListener> => {
  const template = await readFile(`${from}/client/index.html`, 'utf8')
  const entry = (await import(pathToFileURL(`${from}/server/entryServer.js`).href)) as {
    render: typeof render
  }
  const serveFile = sirv(`${from}/client`, { extensions: [] })
  return (request, response) => {
    if (request.url === '/') entry.render(template, getBaseUrl(), request, response)
    else serveFile(request, response)
  }
}

/** The page and its API on one origin. */
export const openStreamingSite = async (): Promise<ApiServer> => {
  const server: ApiServer = await openApiServer(await serveStreamingPage(() => server.baseUrl))
  return server
}
