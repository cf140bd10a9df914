import { readFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import react from '@vitejs/plugin-react'
import sirv from 'sirv'
import { build, type InlineConfig } from 'vite'
import { type ApiServer, openApiServer } from '../support/openApiServer.ts'
import type { render } from './streaming/entryServer.tsx'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const folder = path('../../node_modules/.cache/streaming')

/** Builds the page as Vite builds one that a server renders: what the browser loads, and what the server runs. */
export const buildStreamingPage = async (): Promise<void> => {
  const config: InlineConfig = {
    configFile: false,
    root: path('streaming'),
    logLevel: 'warn',
    resolve: { alias: { signoff: path('../../src/index.ts') } },
    plugins: [react()],
  }
  await build({ ...config, build: { outDir: `${folder}/client`, emptyOutDir: true } })
  await build({
    ...config,
    build: { outDir: `${folder}/server`, emptyOutDir: true, ssr: path('streaming/entryServer.tsx') },
  })
}

/** The page, rendered by the server for each request, and its API on one origin. */
export const openStreamingSite = async (): Promise<ApiServer> => {
  const template = await readFile(`${folder}/client/index.html`, 'utf8')
  const entry = (await import(pathToFileURL(`${folder}/server/entryServer.js`).href)) as {
    render: typeof render
  }
  const serveFile = sirv(`${folder}/client`, { extensions: [] })
  const server: ApiServer = await openApiServer((request, response) => {
    if (request.url === '/') entry.render(template, server.baseUrl, request, response)
    else serveFile(request, response)
  })
  return server
}
