// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, source: readFileSync(join(root, name), 'utf8') }))

const importsOf = (source: string) =>
  Array.from(source.matchAll(/(?:from|import) '([^']+)'/g), ([, specifier]) => specifier ?? '')

const local = ({ name, source }: (typeof files)[number]) =>
  importsOf(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(root, join(root, dirname(name), specifier)))

/** From the ground up: each room stands on those before it. */
const floors = [
  ['errors'],
  ['browser', 'tanstack'],
  ['session'],
  ['http'],
  ['cache', 'refresh'],
  ['client'],
  ['', 'react'],
  ['testing'],
]

const roomOf = (name: string) => (name.includes('/') ? dirname(name) : name === 'index.ts' ? 'index' : '')

const floorOf = (room: string) =>
  room === 'index' ? floors.length : floors.findIndex((rooms) => rooms.includes(room))

const isBelow = (room: string, other: string) =>
  floorOf(room) < floorOf(other) || (room === '' && other === 'react')

it('has no rooms but those of the map', () => {
  expect(files.map(({ name }) => name).filter((name) => floorOf(roomOf(name)) < 0)).toEqual([])
})

describe.each(files)('$name', (file) => {
  it('has at most 200 lines', () => {
    expect(file.source.split('\n').length - 1).toBeLessThanOrEqual(200)
  })

  it('names itself after what it exports', () => {
    const name = file.name.replace(/^.*\//, '').replace(/\.tsx?$/, '')
    const exported = Array.from(
      file.source.matchAll(/export (?:const|class|function|interface|type) (\w+)/g),
      ([, found]) => found?.toLowerCase(),
    )
    const isNamed = exported.some(
      (found) => found === name.toLowerCase() || found === `create${name.toLowerCase()}`,
    )
    expect(name === 'index' || isNamed, `${name} exports ${exported.join()}`).toBe(true)
  })

  it('has no any, no suppression and no word of work to come', () => {
    expect(file.source).not.toMatch(/@ts-|oxlint-disable|eslint-disable|TODO|FIXME/)
    const code = file.source.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '')
    expect(code).not.toMatch(/(?:\bas|[:<|&(,=]) any\b/)
  })

  it('imports only from its own room and from those below it', () => {
    const room = roomOf(file.name)
    const above = local(file).filter((name) => roomOf(name) !== room && !isBelow(roomOf(name), room))
    expect(above).toEqual([])
  })

  it('knows React only in the bindings', () => {
    if (['react', 'testing', 'index'].includes(roomOf(file.name))) return
    expect(importsOf(file.source).filter((specifier) => specifier.startsWith('react'))).toEqual([])
  })

  it('knows no platform by its name', () => {
    expect(file.source).not.toMatch(
      /react.?native|\bexpo\b|hermes|electron|capacitor|tauri|\bios\b|android|webview|preact|next\.?js/i,
    )
  })

  it('asks no platform what it is, but only for what it has', () => {
    const code = file.source.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '')
    expect(code).not.toMatch(/user-?agent|chrom(?:e|ium)|firefox|webkit|safari|\b(?:deno|bun)\b/i)
    expect(code).not.toMatch(/\bnavigator\??\.(?:app|product|platform|vendor)/)
    expect(code).not.toMatch(/\bprocess\??\.(?!env\b)|\bprocess\??\.env\b(?!\['NODE_ENV'\]|\.NODE_ENV\b)/)
  })

  it('touches what TanStack Query does not document only in the room that is made for it', () => {
    if (roomOf(file.name) === 'tanstack') return
    const code = file.source.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '')
    expect(code).not.toMatch(/extends (?:Query|Mutation)\w*\b(?!<|Options)/)
    // A cache, query, mutation or observer that something is assigned to is patched.
    expect(code).not.toMatch(
      /\b(?:cache|query|mutation|observer|queryClient|persister)\.\w+ (?:\?\?|\|\|)?= /,
    )
    // Who observes a query. (`Query['observers']` is a type.)
    expect(code).not.toMatch(
      /\.observers\b|\b[a-z]\w*\['observers'\]|'observers' in\b|\{[^{}]*\bobservers\b[^{}]*\}(?: =|: Query\b)/,
    )
    expect(code).not.toMatch(/Object\.defineProperty\((?:cache|query|mutation|observer|persister)\b/)
    expect(code).not.toMatch(
      /\.(?:setData|setState|removeObserver|resetState|notify\(\{|onMutationUpdate|updateResult|setScheduler)\b/,
    )
  })

  it('is client code exactly where it is a hook or a component', () => {
    expect(file.source.startsWith("'use client'")).toBe(file.name.startsWith('react'))
  })
})

it('has no circle of imports at run time or in types', () => {
  const graph = new Map(files.map((file) => [file.name, local(file)]))
  const visit = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    for (const next of graph.get(name) ?? []) {
      const circle = visit(next, [...path, name])
      if (circle) return circle
    }
    return undefined
  }
  for (const name of graph.keys()) expect(visit(name, [])?.join(' > ')).toBeUndefined()
})
