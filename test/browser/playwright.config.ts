import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { defineConfig } from '@playwright/test'
import { findBrowser } from './installBrowser.mjs'

const findFreePort = async (): Promise<string> => {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

// Workers read this file again, and inherit what the first reading has chosen.
const port = (process.env['EXAMPLE_PORT'] ??= await findFreePort())
const url = `http://localhost:${port}`
const executablePath = findBrowser()

export default defineConfig({
  outputDir: '../../test-results',
  reporter: 'list',
  forbidOnly: Boolean(process.env['CI']),
  fullyParallel: true,
  // A browser with two tabs wants a core, and the server another one.
  workers: '50%',
  retries: 0,
  use: {
    baseURL: url,
    trace: 'off',
    launchOptions: {
      ...(executablePath && { executablePath }),
      // Pages that were left may come back as they were, as they do for users.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
      // Chromium refuses its sandbox to root.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
  webServer: {
    command: 'node serveExample.mjs',
    env: { PORT: port },
    url,
    reuseExistingServer: false,
    // Time to remove its temporary folder.
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
  },
})
