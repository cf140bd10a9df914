import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  build: {
    lib: { entry: root('src/index.ts'), formats: ['es'] },
    target: 'es2022',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      external: [/^react($|\/)/, /^@tanstack\//, 'ky'],
      // One file in, one file out: bundling would drop the 'use client' directives.
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
  resolve: {
    // The tests import the package by its public name; SIGNOFF=dist runs the same files on the build.
    alias: { signoff: root(process.env['SIGNOFF'] === 'dist' ? 'dist/index.js' : 'src/index.ts') },
  },
  test: {
    environment: './test/environment.ts',
    include: ['test/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
  },
})
