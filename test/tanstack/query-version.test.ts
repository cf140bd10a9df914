// @vitest-environment node
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { queryFolder, queryVersion } from '../support/queryVersion.ts'

const { MODE } = import.meta.env as { MODE: string }

const readManifest = async (path: string) =>
  JSON.parse(await readFile(path, 'utf8')) as Record<string, Record<string, string>>

it('is the one that the run asks for: the oldest of the peer range, the newest, any, or the one that is installed', async () => {
  const installed = (await import(/* @vite-ignore */ `${queryFolder}/build/modern/index.js`)) as object
  expect(QueryClient).toBe(Reflect.get(installed, 'QueryClient'))

  const root = fileURLToPath(new URL('../../package.json', import.meta.url))
  const { peerDependencies, devDependencies } = await readManifest(root)
  const name = '@tanstack/react-query'
  if (MODE === 'oldest') expect(`^${queryVersion}`).toBe(peerDependencies?.[name])
  else if (MODE === 'query') expect(queryVersion).toBe(process.env['QUERY'])
  else if (MODE !== 'newest') expect(queryVersion).toBe(devDependencies?.[name])
})

it('has the core that it asks for', async () => {
  const { dependencies } = await readManifest(`${queryFolder}/package.json`)
  const { resolve } = createRequire(`${queryFolder}/package.json`)
  const core = (await readManifest(resolve('@tanstack/query-core/package.json'))) as { version?: unknown }
  expect(core.version).toBe(dependencies?.['@tanstack/query-core'])
})
