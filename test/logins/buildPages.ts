import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export const pagesFolder: string = path('../../node_modules/.cache/logins')

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
      outDir: pagesFolder,
      emptyOutDir: true,
      rolldownOptions: { input: ['index', 'popup', 'steps'].map((name) => path(`pages/${name}.html`)) },
    },
  })
}
