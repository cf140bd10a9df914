import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { defineConfig } from '@playwright/test'
import { findBrowser } from './installBrowser.mjs'
import type { Options } from './promises/promise.ts'
import { hasPreact } from './site.ts'

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

/** The builds of the pages, and the engines. What is said of an engine that is not installed is left out. */
const promises = (engine: Options['engine'], build: Options['build'] = 'signoff') => ({
  testMatch: findBrowser(engine) && (build !== 'preact' || hasPreact) ? 'promises/*.spec.ts' : [],
  use: { engine, build },
})

/** What has a page of its own. */
const ownPage = (spec: string, engine: Options['engine']) => ({
  testMatch: findBrowser(engine) ? spec : [],
  use: { engine },
})

export default defineConfig<Options>({
  outputDir: '../../test-results',
  reporter: 'list',
  forbidOnly: Boolean(process.env['CI']),
  // `npm run test:long` runs these.
  ...(process.env['SHORT'] && { grepInvert: /@long/ }),
  fullyParallel: true,
  // Browsers and servers wait for each other most of the time.
  workers: '100%',
  retries: 0,
  // The limits only say that something hangs, at whatever load.
  timeout: 300_000,
  expect: { timeout: 120_000 },
  projects: [
    { name: 'example', testIgnore: ['promises/*', 'refresh.spec.ts', 'soak.spec.ts'] },
    { name: 'chromium', ...promises('chromium') },
    { name: 'firefox', ...promises('firefox') },
    // What engines differ in, for `npm test`.
    { name: 'firefox-short', ...promises('firefox'), grep: /@short/ },
    { name: 'naive', ...promises('chromium', 'naive') },
    { name: 'preact', ...promises('chromium', 'preact') },
    { name: 'webkit', ...promises('webkit') },
    { name: 'logins', testDir: '../logins' },
    // Passkeys need an authenticator, which Puppeteer can add to Chromium alone.
    { name: 'logins-firefox', testDir: '../logins', ...ownPage('{oauth,steps}.spec.ts', 'firefox') },
    { name: 'refresh', ...ownPage('refresh.spec.ts', 'chromium') },
    { name: 'refresh-firefox', ...ownPage('refresh.spec.ts', 'firefox') },
    { name: 'soak', ...ownPage('soak.spec.ts', 'chromium') },
    { name: 'soak-firefox', ...ownPage('soak.spec.ts', 'firefox') },
    // A file builds an app, and its tests share the server.
    { name: 'frameworks', testDir: '../frameworks', fullyParallel: false },
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
  globalSetup: ['./buildPages.ts', '../logins/prepare.ts'],
  webServer: {
    command: 'node serveExample.mjs',
    env: { PORT: port },
    url,
    reuseExistingServer: false,
    timeout: 300_000,
    // Time to remove its temporary folder.
    gracefulShutdown: { signal: 'SIGTERM', timeout: 60_000 },
  },
})
