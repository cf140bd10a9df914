// @vitest-environment node
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as signoff from 'signoff'
import type { Results } from './bench/Line.ts'
import { createChart } from './bench/report/createChart.ts'
import { createTable } from './bench/report/createTable.ts'
import { figuresIn, quoteFigures } from './bench/report/quoteFigures.ts'

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const readme = await readFile(root('README.md'), 'utf8')
const fences = Array.from(readme.matchAll(/```(tsx?)\n([^]*?)```/g), ([, extension = '', code = '']) => ({
  extension,
  code,
}))

describe('the README', () => {
  it('has fences that compile', { timeout: 60_000 }, async () => {
    expect(fences.length).toBeGreaterThan(3)
    const folder = root('node_modules/.cache/readme')
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    const config = {
      extends: root('example/tsconfig.json'),
      compilerOptions: {
        paths: { signoff: [root('src/index.ts')], 'signoff/testing': [root('src/testing/index.ts')] },
        rootDir: root('.'),
      },
    }
    // Each in a program of its own: a reader copies one of them, and only the first registers its client.
    const output = await Promise.all(
      fences.map(async ({ extension, code }, index) => {
        const name = `fence-${index}.${extension}`
        const project = `${folder}/tsconfig.${index}.json`
        await writeFile(`${folder}/${name}`, code)
        await writeFile(project, JSON.stringify({ ...config, include: [name] }))
        const run = promisify(execFile)(root('node_modules/.bin/tsc'), ['-p', project])
        return run.then(
          () => '',
          ({ stdout }: { stdout: string }) => stdout,
        )
      }),
    )
    expect(output.join('')).toBe('')
  })

  it('shows its first code before line 25, one complete file of at most 35 lines, in under 300 lines', () => {
    const lines = readme.split('\n')
    expect(lines.findIndex((line) => line.startsWith('```tsx')) + 1).toBeLessThan(25)
    expect((fences[0]?.code.split('\n').length ?? 0) - 1).toBeLessThanOrEqual(35)
    expect(lines.length).toBeLessThan(300)
  })

  it('names everything that the package exports', () => {
    expect(Object.keys(signoff).filter((name) => !readme.includes(name))).toEqual([])
  })

  it('justifies every dependency', async () => {
    const manifest = JSON.parse(await readFile(root('package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >
    const names = ['dependencies', 'peerDependencies', 'devDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    )
    const unexplained = names.filter((name) => !readme.includes(`**${name}**`))
    expect(unexplained.filter((name) => !name.startsWith('@types/') && name !== 'react-dom')).toEqual([])
  })

  it('says of the size what the check allows', async () => {
    const manifest = JSON.parse(await readFile(root('package.json'), 'utf8')) as {
      'size-limit': [{ limit: string }]
    }
    expect(readme).toContain(`Under ${manifest['size-limit'][0].limit}`)
  })

  it('quotes the figures that the last run of the benchmark gave, as its table and chart do', async () => {
    const read = (name: string) => readFile(root(`test/bench/results.${name}`), 'utf8')
    const results = JSON.parse(await read('json')) as Results
    expect(figuresIn(readme)).toBe(quoteFigures(results))
    expect(await read('md')).toBe(createTable(results))
    expect(await read('svg')).toBe(createChart(results))
  })
})
