import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { readEnvironment } from './api/readEnvironment.ts'
import { viteApi } from './api/viteApi.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const address = { host: 'localhost', port: Number(process.env['PORT'] || 5173), strictPort: true }

export default defineConfig({
  root: path('.'),
  resolve: {
    alias: [
      { find: /^signoff$/, replacement: path('../src/index.ts') },
      { find: /^signoff\/refresh$/, replacement: path('../src/refresh/index.ts') },
    ],
  },
  plugins: [react(), viteApi(readEnvironment(process.env))],
  server: {
    ...address,
    fs: {
      deny: [
        // Vite serves every file below its root; in this folder lie the secret and the sessions.
        '**/data/**',
        // What Vite denies by itself: a list of one's own replaces that.
        '.env',
        '.env.*',
        '*.{crt,pem,key,p12,pfx,cer,der}',
        '.npmrc',
        '.yarnrc.yml',
        '**/.git/**',
      ],
    },
    watch: { ignored: ['**/data/**'] },
  },
  preview: address,
})
