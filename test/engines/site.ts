import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import sirv from 'sirv'
import { build } from 'vite'
import { type ApiServer, openApiServer } from '../support/openApiServer.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const folder = path('../../node_modules/.cache/pages')

/** Builds the pages as an app is built for production. */
export const buildPages = async (): Promise<void> => {
  await build({
    configFile: false,
    root: path('pages'),
    logLevel: 'warn',
    resolve: {
      alias: [
        { find: /^signoff\/refresh$/, replacement: path('../../src/refresh/index.ts') },
        { find: /^signoff$/, replacement: path('../../src/index.ts') },
      ],
    },
    plugins: [react()],
    build: {
      outDir: folder,
      emptyOutDir: true,
      rolldownOptions: {
        input: ['signoff', 'naive', 'refresh', 'soak'].map((name) => path(`pages/${name}.html`)),
      },
    },
  })
}

/** The pages and an API on one origin. Another site's API will do as well, see `Notebook.tsx`. */
export const openSite = (headers: Record<string, string> = {}): Promise<ApiServer> => {
  const serve = sirv(folder, {
    setHeaders: (response) =>
      Object.entries(headers).forEach(([name, value]) => response.setHeader(name, value)),
  })
  return openApiServer((request, response) => serve(request, response))
}
