import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export const pagesFolder = path('../../node_modules/.cache/bench')

/** Builds the page of each contender as an app is built for production: one script that holds nothing of the others. */
export const buildPages = async (scripts: string[]): Promise<void> => {
  for (const script of scripts) {
    const own = path(`contenders/${script}.tsx`)
    await build({
      configFile: false,
      root: path('../..'),
      logLevel: 'warn',
      publicDir: false,
      // One copy of what all contenders share.
      resolve: {
        alias: { signoff: path('../../src/index.ts') },
        dedupe: ['react', 'react-dom', '@tanstack/react-query', '@tanstack/query-core', 'ky'],
      },
      plugins: [react()],
      build: {
        outDir: pagesFolder,
        emptyOutDir: script === scripts[0],
        rolldownOptions: {
          input: existsSync(own) ? own : path(`rivals/${script}.tsx`),
          output: { format: 'iife', entryFileNames: `${script}.js` },
          onwarn: () => {},
        },
      },
    })
  }
}
