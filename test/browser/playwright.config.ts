import { defineConfig } from '@playwright/test'
import { findBrowser } from './installBrowser.mjs'

const port = 5183
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
    env: { PORT: String(port) },
    url,
    reuseExistingServer: false,
    // Time to remove its temporary folder.
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
  },
})
