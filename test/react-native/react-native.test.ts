// @vitest-environment node
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { TokenStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const folder = import.meta.dirname
const read = (path: string) => readFile(join(folder, path), 'utf8')
const run = promisify(execFile)

const installed = (path: string) => join(folder, 'node_modules', path)

/** What the phone keeps between two starts of the app. */
let keychain: Map<string, string>
let mmkv: { getAllKeys: () => string[] }

/** By a path that the compiler does not follow: it checks these files where the packages are installed. */
const load = async (path: string) => (await import(/* @vite-ignore */ path)) as Record<string, unknown>

const storages = [
  { name: 'mmkvStorage', values: () => mmkv.getAllKeys() },
  { name: 'secureStorage', values: () => [...keychain.values()] },
]

beforeAll(async () => {
  if (!existsSync(installed(''))) await run('npm', ['ci'], { cwd: folder })
  // The one brings what it uses in tests, the other is native code and nothing else.
  const { createMockMMKV } = await load(installed('react-native-mmkv/lib/createMMKV/createMockMMKV.js'))
  vi.doMock(installed('react-native-mmkv/lib/index.js'), () => ({
    createMMKV: (configuration: unknown) => {
      mmkv = (createMockMMKV as (configuration: unknown) => typeof mmkv)(configuration)
      return mmkv
    },
  }))
  vi.doMock(installed('expo-secure-store/build/SecureStore.js'), () => {
    keychain = new Map()
    return {
      getItem: (key: string) => keychain.get(key) ?? null,
      setItem: (key: string, value: string) => void keychain.set(key, value),
    }
  })
})

it('the storages for React Native fit the real types of their packages', async () => {
  const compiler = join(folder, '../../node_modules/.bin/tsc')
  const output = await run(compiler, ['-p', folder]).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
  expect(output).toBe('')
})

describe.each(storages)('the $name recipe', ({ name, values }) => {
  it('is the code that the documentation shows', async () => {
    expect(await read('../../docs/recipes/react-native.md')).toContain(await read(`${name}.ts`))
  })

  it('keeps a session from one start of the app to the next, and nothing of it after a logout', async () => {
    const server = await startApiServer()
    const storage = (await load(`./${name}.ts`))[name] as TokenStorage
    const start = () => makeClient({ baseUrl: server.baseUrl, storage }).client

    const { token } = await start().login(ada)
    const next = start()
    expect(next.getState()).toMatchObject({ status: 'restoring', token })
    expect(await next.api.get('notes').json()).toEqual([`private note of ${ada.email}`])

    expect(values().join()).not.toBe('')

    await next.logout()
    expect(values().join()).toBe('')
    expect(start().getState().status).toBe('signed-out')

    await start().login(bob)
    expect(await start().api.get('notes').json()).toEqual([`private note of ${bob.email}`])
  })
})
