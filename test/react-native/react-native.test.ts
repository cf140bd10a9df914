// @vitest-environment node
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { TokenStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const folder = import.meta.dirname
const read = (path: string) => readFile(join(folder, path), 'utf8')
const run = promisify(execFile)

const installed = (path: string) => join(folder, 'node_modules', path)

/** By a path that the compiler does not follow: it checks these files where the packages are installed. */
const load = async (path: string) => (await import(/* @vite-ignore */ path)) as Record<string, unknown>

/** What the device keeps between two starts of the app. */
const kept = new Map<string, string>()
const userData = mkdtempSync(join(tmpdir(), 'signoff-'))
let mmkv: { getAllKeys: () => string[] } | undefined

/** What stands in for native code, by the file that an app imports. */
const natives: Record<string, () => Promise<object>> = {
  // They bring what they use in tests.
  'react-native-mmkv/lib/index.js': async () => {
    const { createMockMMKV } = await load(installed('react-native-mmkv/lib/createMMKV/createMockMMKV.js'))
    mmkv ??= (createMockMMKV as (configuration: object) => typeof mmkv)({ id: 'session' })
    return { createMMKV: () => mmkv }
  },
  'expo-secure-store/build/SecureStore.js': async () => ({
    getItemAsync: async (key: string) => kept.get(key) ?? null,
    setItemAsync: async (key: string, value: string) => void kept.set(key, value),
    deleteItemAsync: async (key: string) => void kept.delete(key),
  }),
  '@react-native-async-storage/async-storage/lib/module/index.js': async () => ({
    default: {
      getItem: async (key: string) => kept.get(key) ?? null,
      setItem: async (key: string, value: string) => void kept.set(key, value),
      removeItem: async (key: string) => void kept.delete(key),
    },
  }),
  '@capacitor/preferences/dist/plugin.cjs.js': async () => ({
    Preferences: {
      get: async ({ key }: { key: string }) => ({ value: kept.get(key) ?? null }),
      set: async ({ key, value }: { key: string; value: string }) => void kept.set(key, value),
      remove: async ({ key }: { key: string }) => void kept.delete(key),
    },
  }),
  '@tauri-apps/plugin-store/dist-js/index.js': async () => ({
    LazyStore: class {
      #unsaved = new Map(kept)
      get = async (key: string) => this.#unsaved.get(key)
      set = async (key: string, value: string) => void this.#unsaved.set(key, value)
      delete = async (key: string) => this.#unsaved.delete(key)
      save = async () => {
        kept.clear()
        for (const [key, value] of this.#unsaved) kept.set(key, value)
      }
    },
  }),
  'electron/index.js': async () => {
    const handlers = new Map<string, (...given: unknown[]) => unknown>()
    return {
      app: { getPath: () => userData },
      ipcMain: { handle: handlers.set.bind(handlers) },
      ipcRenderer: {
        invoke: async (name: string, ...given: unknown[]) => handlers.get(name)?.({}, ...given),
      },
      contextBridge: { exposeInMainWorld: (name: string, value: unknown) => vi.stubGlobal(name, value) },
      safeStorage: {
        encryptStringAsync: async (text: string) => Buffer.from(text).toString('base64'),
        decryptStringAsync: async (secret: Buffer) => ({
          shouldReEncrypt: false,
          result: Buffer.from(secret.toString(), 'base64').toString(),
        }),
      },
    }
  },
}

const storages = [
  { name: 'secureStorage', parts: [] },
  { name: 'deviceStorage', parts: [] },
  { name: 'mmkvStorage', parts: [] },
  { name: 'preferencesStorage', parts: [] },
  { name: 'electronStorage', parts: ['electronMain', 'electronPreload'] },
  { name: 'tauriStorage', parts: [] },
]

/** All that the device has of the app. */
const values = () => [...kept.values(), ...(mmkv?.getAllKeys() ?? []), ...readdirSync(userData)].join()

beforeAll(async () => {
  if (!existsSync(installed('electron')))
    // Electron would download itself.
    await run('npm', ['ci', '--ignore-scripts'], { cwd: folder })
  for (const [path, create] of Object.entries(natives)) vi.doMock(installed(path), create)
})

afterAll(() => rmSync(userData, { recursive: true }))

it('the storages fit the real types of their packages', async () => {
  const compiler = join(folder, '../../node_modules/.bin/tsc')
  const output = await run(compiler, ['-p', folder]).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
  expect(output).toBe('')
})

describe.each(storages)('the $name recipe', ({ name, parts }) => {
  it('is the code that the documentation shows, of at most fifteen lines', async () => {
    const page = await read('../../docs/recipes/react-native.md')
    for (const part of [...parts, name]) {
      const code = await read(`${part}.ts`)
      expect(page).toContain(code)
      expect(code.split('\n').length - 1).toBeLessThanOrEqual(15)
    }
  })

  it('keeps a session from one start of the app to the next, and nothing of it after a logout', async () => {
    const server = await startApiServer()
    /** As the app is loaded anew. */
    const start = async () => {
      vi.resetModules()
      for (const part of parts) await load(`./${part}.ts`)
      const storage = (await load(`./${name}.ts`))[name] as TokenStorage
      const { client } = makeClient({ baseUrl: server.baseUrl, storage })
      client.mount()
      onTestFinished(client.unmount)
      await vi.waitFor(() =>
        expect(client.getState()).not.toEqual({ status: 'restoring', user: null, token: null }),
      )
      return client
    }

    const { token } = await (await start()).login(ada)
    await vi.waitFor(() => expect(values()).not.toBe(''))
    const next = await start()
    expect(next.getState()).toMatchObject({ token })
    expect(await next.api.get('notes').json()).toEqual([`private note of ${ada.email}`])

    await next.logout()
    await vi.waitFor(() => expect(values()).toBe(''))
    expect((await start()).getState().status).toBe('signed-out')

    await (await start()).login(bob)
    await vi.waitFor(() => expect(values()).not.toBe(''))
    const last = await start()
    expect(await last.api.get('notes').json()).toEqual([`private note of ${bob.email}`])
    await last.logout()
  })
})
