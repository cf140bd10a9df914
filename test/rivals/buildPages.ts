import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { installPackages } from '../support/installPackages.ts'
import { chosenRivals } from './rivals.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export const pagesFolder: string = path('../../node_modules/.cache/rivals')

/** Builds the pages as an app is built for production, and installs first what they need. */
export default async function buildPages(): Promise<void> {
  if (chosenRivals.some(({ script }) => script !== 'signoff')) installPackages(path('.'))
  await build({
    configFile: false,
    root: path('contenders'),
    logLevel: 'warn',
    resolve: {
      alias: [
        { find: /^signoff\/refresh$/, replacement: path('../../src/refresh/index.ts') },
        { find: /^signoff$/, replacement: path('../../src/index.ts') },
      ],
      dedupe: ['react', 'react-dom'],
    },
    plugins: [react()],
    build: {
      outDir: pagesFolder,
      emptyOutDir: true,
      modulePreload: false,
      rolldownOptions: {
        input: chosenRivals.map(({ script }) => path(`contenders/${script}`)),
        output: { entryFileNames: '[name].js' },
      },
    },
  })
}
