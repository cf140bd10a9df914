import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import sirv from 'sirv'
import { build, type InlineConfig, type Plugin } from 'vite'
import { fencesOf } from '../support/compileFences.ts'
import { type ApiServer, openApiServer } from '../support/openApiServer.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const folder = path('../../node_modules/.cache/pages')

/** The page that the README shows, as it stands there. */
const readmePage: Plugin = {
  name: 'readme-page',
  resolveId: (id) => (id.endsWith('/readme.tsx') ? path('pages/readme.tsx') : undefined),
  load: async (id) => {
    if (id !== path('pages/readme.tsx')) return undefined
    const [page] = fencesOf('README.md', await readFile(path('../../README.md'), 'utf8'))
    return page?.code
  },
}

/** Builds pages as an app is built for production. */
const buildWith = async (names: string[], own: InlineConfig): Promise<void> => {
  const { resolve, build: output, ...rest } = own
  await build({
    configFile: false,
    root: path('pages'),
    logLevel: 'warn',
    resolve: {
      alias: {
        'signoff/refresh': path('../../src/refresh/index.ts'),
        signoff: path('../../src/index.ts'),
        ...resolve?.alias,
      },
    },
    plugins: [readmePage, react()],
    build: {
      emptyOutDir: true,
      rolldownOptions: { input: names.map((name) => path(`pages/${name}.html`)) },
      ...output,
    },
    ...rest,
  })
}

const preact = path('../compatibility/preact/node_modules/preact')

/** Whether `npm run test:preact` has installed it. */
export const hasPreact = existsSync(preact)

/** Builds the pages, and once more on Preact, as its documentation says. */
export const buildPages = async (): Promise<void> => {
  await buildWith(['signoff', 'naive', 'readme', 'refresh', 'soak'], { build: { outDir: folder } })
  if (!hasPreact) return
  await buildWith(['signoff', 'readme'], {
    base: '/preact/',
    publicDir: false,
    resolve: {
      alias: {
        'react/jsx-runtime': `${preact}/jsx-runtime`,
        'react-dom/client': `${preact}/compat/client.mjs`,
        'react-dom': `${preact}/compat`,
        react: `${preact}/compat`,
      },
    },
    build: { outDir: `${folder}/preact` },
  })
}

/** Answers with a page that loads the preludes first, and with the preludes. Returns whether it has. */
const servePreludes = async (
  url: string,
  response: ServerResponse,
  preludes: Set<string>,
): Promise<boolean> => {
  const { pathname } = new URL(url, 'http://localhost')
  if (pathname !== '/preludes.js' && !pathname.endsWith('.html')) return false
  const isScript = pathname === '/preludes.js'
  response.setHeader('Cache-Control', 'no-cache')
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
  if (isScript) response.end([...preludes].join('\n'))
  else {
    const page = await readFile(`${folder}${pathname}`, 'utf8')
    response.end(page.replace('<head>', '<head><script src="/preludes.js"></script>'))
  }
  return true
}

/**
 * The pages and an API on one origin. Another site's API will do as well, see `Notebook.tsx`.
 *
 * @param headers - Sent with every page.
 * @param preludes - Scripts that run in every page before its own. Default: none.
 */
export const openSite = (
  headers: Record<string, string> = {},
  preludes?: Set<string>,
): Promise<ApiServer> => {
  const setHeaders = (response: ServerResponse): void =>
    Object.entries(headers).forEach(([name, value]) => response.setHeader(name, value))
  const serve = sirv(folder, { setHeaders })
  return openApiServer((request, response) => {
    if (!preludes) return serve(request, response)
    setHeaders(response)
    void (async () => {
      if (!(await servePreludes(request.url ?? '', response, preludes))) serve(request, response)
    })()
  })
}
