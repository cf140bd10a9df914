// @vitest-environment node
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const manifestOf = async (path: string) =>
  JSON.parse(await readFile(root(`${path}/package.json`), 'utf8')) as Record<string, Record<string, string>>

it('is the one that the run asks for: the oldest of the peer range, or the newest', async () => {
  const { MODE } = import.meta.env as { MODE: string }
  const folder = `${MODE === 'oldest' ? 'test/compatibility/oldest/' : ''}node_modules/@tanstack/react-query`
  const installed = (await import(/* @vite-ignore */ root(`${folder}/build/modern/index.js`))) as object
  expect(QueryClient).toBe(Reflect.get(installed, 'QueryClient'))

  const { peerDependencies } = await manifestOf('.')
  const { version } = await manifestOf(folder)
  const isOldest = `^${version}` === peerDependencies?.['@tanstack/react-query']
  expect(isOldest).toBe(MODE === 'oldest')
})
