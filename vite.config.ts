import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig(({ mode }) => ({
  resolve: {
    // The tests import the package by its public name; `--mode dist` runs the same files on the build.
    // The longer name comes first: the shorter one is a prefix of it.
    alias: {
      'signoff/testing': root(mode === 'dist' ? 'dist/testing/index.js' : 'src/testing/index.ts'),
      signoff: root(mode === 'dist' ? 'dist/index.js' : 'src/index.ts'),
    },
  },
  // What an app's production build makes of the package: `npm run size` weighs it. `tsc` alone builds `dist`.
  build: {
    outDir: 'node_modules/.cache/size',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      input: root('dist/index.js'),
      preserveEntrySignatures: 'strict',
      external: [/^react($|\/)/, /^@tanstack\//, 'ky'],
      output: { entryFileNames: 'signoff.js' },
      onwarn: () => {},
    },
  },
  test: {
    environment: './test/environment.ts',
    // The example is an app on React 19: it takes `ref` as a prop.
    include: ['test/*.test.{ts,tsx}', ...(mode === 'react18' ? [] : ['example/app/**/*.test.tsx'])],
    // `--mode react18` runs the same files on React 18.
    setupFiles: [...(mode === 'react18' ? ['test/react18.ts'] : []), 'test/setup.ts'],
  },
}))
