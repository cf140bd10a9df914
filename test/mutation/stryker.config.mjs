import { readdirSync } from 'node:fs'
import { join } from 'node:path'

// The whole takes hours: `PART=2/6 npm run mutation` takes every sixth file, from the second on.
const [part = 1, parts = 1] = (process.env['PART'] ?? '1/1').split('/').map(Number)
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('index.ts'))
  .sort()
  .filter((_, index) => index % parts === part - 1)

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: sources.map((name) => join('src', name)),
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // What a mutant breaks at import, `tsc` and every test would tell at once.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 20_000,
  // Its types are stripped, not checked, and `// @ts-nocheck` would come before `'use client'`.
  disableTypeChecks: false,
  // TypeScript 7 has no JavaScript API with which Stryker could rewrite it; no path in it leaves the copy anyway.
  tsconfigFile: 'none',
  ignorePatterns: ['dist', 'example/data', 'example/screenshot.png', 'test-results', 'playwright-report'],
  // Not below `node_modules`: Vitest takes what lies there for a dependency and does not transform it.
  tempDirName: '.stryker',
  cleanTempDir: 'always',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'node_modules/.cache/mutation.json' },
}
