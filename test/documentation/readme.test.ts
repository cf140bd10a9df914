// @vitest-environment node
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as signoff from 'signoff'
import type { Results } from '../bench/Line.ts'
import { createChart } from '../bench/report/createChart.ts'
import { createTable } from '../bench/report/createTable.ts'
import { figuresIn, quoteFigures } from '../bench/report/quoteFigures.ts'
import { compileFences, fencesOf } from '../support/compileFences.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const readme = await readFile(root('README.md'), 'utf8')
const fences = fencesOf('README.md', readme)

describe('the README', () => {
  it('has fences that compile', async () => {
    expect(fences.length).toBeGreaterThan(3)
    expect(await compileFences('readme', fences)).toBe('')
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
