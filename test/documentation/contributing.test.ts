// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const guide = readFileSync(root('CONTRIBUTING.md'), 'utf8')

const foldersOf = (path: string) =>
  readdirSync(root(path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

/** What stands between a heading of the guide and the next. */
const section = (heading: string) => guide.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''

it('the map of the house has every room of the source and of the tests', () => {
  const map = section('The map of the house')
  const rooms = Array.from(map.matchAll(/^\| `(\w+)` \|/gm), ([, name]) => name)
  expect(rooms.sort()).toEqual(foldersOf('src').sort())
  const others = foldersOf('test').filter((name) => !rooms.includes(name))
  expect(others.filter((name) => !map.includes(`\`${name}\``))).toEqual([])
})

it('each rule is in a file that exists', () => {
  const files = Array.from(section('Where is the rule of').matchAll(/`([\w/]+\.ts)`/g), ([, path]) => path)
  expect(files.length).toBeGreaterThan(15)
  expect(files.filter((path) => !existsSync(root(`src/${path}`)))).toEqual([])
})

it('names the scripts of the package', () => {
  const { scripts } = JSON.parse(readFileSync(root('package.json'), 'utf8')) as { scripts: object }
  const named = Array.from(guide.matchAll(/`npm run ([\w:]+)`/g), ([, name = '']) => name)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

it('has the table of platforms that the documentation has, each row with a command that shows it', () => {
  const tableIn = (text: string) => /<!-- platforms -->\n([^]*)<!-- \/platforms -->/.exec(text)?.[1]
  const table = tableIn(guide) ?? ''
  expect(tableIn(readFileSync(root('docs/guide/platforms.md'), 'utf8'))).toBe(table)
  const rows = table.trim().split('\n').slice(2)
  expect(rows.length).toBeGreaterThan(5)
  expect(rows.filter((row) => !/`(?:npm (?:test|run [\w:]+)|\.ci\/run)`/.test(row))).toEqual([])
})
