// Runs the benchmark: `npm run bench`. Node 20 reads no TypeScript by itself; Vite does.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

// Vite would set it for development here, and build the pages for that.
process.env.NODE_ENV = 'production'

const { module } = await runnerImport(fileURLToPath(new URL('bench.ts', import.meta.url)), {
  configFile: false,
})
await module.bench()
