import { statSync } from 'node:fs'
import { defineConfig, mergeConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import baseConfig from '../../vite.config.ts'

// Files that start slowly: what little they alone would find, they find last.
const slow = /model|microtasks|malformed|one-commit|restore|forget-queries/

const weight = ({ moduleId }: TestSpecification): number =>
  statSync(moduleId).size + (slow.test(moduleId) ? 1e6 : 0)

/** The first test that fails has killed the mutant: the quickest files come first. */
class QuickestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve([...files].sort((a, b) => weight(a) - weight(b)))
  }
}

export default defineConfig((env) =>
  mergeConfig(baseConfig(env), {
    test: {
      // They test the example, the documents, the text and types of the source, and what a thousand sessions leave.
      exclude: [
        'test/architecture.test.ts',
        'test/{admin,adoption,backends,documentation,example,http-clients,react-native,soak}/**',
        'test/recipes/{recipe-tests,recipes}.test.ts',
        'example/**',
      ],
      // What a mutant keeps from happening is waited for in vain: two seconds are enough to know.
      env: { RUNS: '20', SEED: '1', PATIENCE: '2000' },
      testTimeout: 5000,
      hookTimeout: 10_000,
      sequence: { sequencer: QuickestFirst },
    },
  }),
)
