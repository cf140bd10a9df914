// @vitest-environment node
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
const security = await read('SECURITY.md')

const rows = security.split('\n').filter((line) => line.startsWith('| '))
const shown = Array.from(
  security.matchAll(/`(test\/[\w./-]+)`: "(.+?)" \|$/gm),
  ([, file = '', name = '']) => [file, name] as const,
)

/** A name as it stands in the source: in quotes of its own, at the beginning of a test. */
const isTest = (source: string, name: string) =>
  ["'", '`', '"'].some((quote) => source.replaceAll(/\s+/g, ' ').includes(`${quote}${name}${quote}, `))

describe('SECURITY.md', () => {
  it.each([
    '7.2.4',
    '7.4.1',
    '10.1.1',
    '14.2.1',
    '14.3.1',
    '14.3.2',
    '14.3.3',
    '15.4',
    '16.2.5',
    '16.5.3',
    'WSTG-SESS-06',
    'WSTG-CLNT-12',
    'WSTG-ATHN-06',
    'RFC 6750',
    'RFC 7009',
  ])('shows how %s is met', (requirement) => {
    expect(security).toMatch(new RegExp(`^\\| [\\w ]*${requirement}[,:].*\`test/`, 'm'))
  })

  it('names a test in each row of its table', () => {
    const table = rows.slice(rows.findIndex((row) => row.startsWith('| requirement')) + 2)
    expect(table.length).toBeGreaterThan(15)
    expect(shown).toHaveLength(table.length)
  })

  it.each(shown)('names a test of %s that exists: %s', async (file, name) => {
    expect(isTest(await read(file), name)).toBe(true)
  })
})
