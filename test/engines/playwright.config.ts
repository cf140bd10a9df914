import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { defineConfig } from '@playwright/test'
import { findBrowser } from './installBrowser.mjs'
import type { Options } from './promises/promise.ts'

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
const executablePath = findBrowser('chromium')

const engines = (['chromium', 'firefox'] as const).filter(findBrowser)

export default defineConfig<Options>({
  outputDir: '../../test-results',
  reporter: 'list',
  forbidOnly: Boolean(process.env['CI']),
  fullyParallel: true,
  // A browser with two tabs wants a core, and the server another one.
  workers: '50%',
  retries: 0,
  projects: [
    {
      name: 'example',
      testIgnore: 'promises/*',
      // An API that fails is asked three times, which takes three seconds.
      expect: { timeout: 10_000 },
    },
    ...engines.map((engine) => ({ name: engine, testMatch: 'promises/*.spec.ts', use: { engine } })),
    {
      name: 'naive',
      testMatch: 'promises/*.spec.ts',
      use: { build: 'naive' },
      // It breaks its promises for good.
      expect: { timeout: 2_000 },
    },
  ],
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
  globalSetup: './buildPages.ts',
  webServer: {
    command: 'node serveExample.mjs',
    env: { PORT: port },
    url,
    reuseExistingServer: false,
    // Time to remove its temporary folder.
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
  },
})
