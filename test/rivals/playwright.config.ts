import { defineConfig } from '@playwright/test'

export default defineConfig({
  outputDir: '../../test-results',
  reporter: 'list',
  workers: 1,
  // The limits only say that something hangs, at whatever load.
  timeout: 7_200_000,
  expect: { timeout: 120_000 },
  globalSetup: './buildPages.ts',
})
