/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['src/**/*.{ts,tsx}', '!src/**/index.ts'],
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
