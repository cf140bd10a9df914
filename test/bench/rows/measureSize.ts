import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { signoff } from '../contenders.ts'
import { createLine } from '../createLine.ts'
import type { Line } from '../Line.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What an app's build makes of the package, over React, TanStack Query and ky. */
export const measureSize = async (): Promise<Line[]> => {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        input: `${root}src/index.ts`,
        preserveEntrySignatures: 'strict',
        external: [/^react($|\/)/, /^@tanstack\//, 'ky'],
        onwarn: () => {},
      },
    },
  })
  const [chunk] = Array.isArray(result) || !('output' in result) ? [] : result.output
  const size = gzipSync(chunk?.code ?? '', { level: 9 }).length / 1000
  const bar = {
    measure: 'own code of the main entry, minified and gzipped, over ky and peers',
    bar: '≤ 7.5 kB',
    limit: 7.5,
  }
  const value = { median: size, low: size, high: size }
  return [createLine(bar, { [signoff.name]: { value, unit: 'kB' } })]
}
