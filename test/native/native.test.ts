// @vitest-environment node
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import vm from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, type Credentials } from '../support/renderApp.tsx'
import { items } from './device/keychain.ts'
import { openBundle } from './openBundle.ts'
import { prepareNative } from './prepareNative.ts'

const folder = import.meta.dirname
const output = mkdtempSync(join(tmpdir(), 'signoff-'))

/** Milliseconds for what takes a minute on two idle cores. */
const patience = 1_500_000

let reason: string | undefined

/** By the Node that the packages want, which is among them. */
const run = (env: Record<string, string>, command: string, ...args: string[]): Promise<[number, string]> =>
  new Promise((resolve) => {
    // What Vitest says of itself is not for others.
    const own = { ...process.env, NODE_ENV: undefined, CI: '1', ...env }
    const options = { cwd: folder, env: own, maxBuffer: 2 ** 26 }
    const file = join(folder, 'node_modules', command)
    execFile(join(folder, 'node_modules/node/bin/node'), [file, ...args], options, (error, stdout, stderr) =>
      resolve([error ? 1 : 0, stdout + stderr]),
    )
  })

beforeAll(() => {
  reason = prepareNative(folder)
  if (reason) console.warn(`Nothing is tested here. ${reason}`)
}, patience)

afterAll(() => rmSync(output, { recursive: true }))

beforeEach(({ skip }) => {
  if (reason) skip(reason)
})

it(
  'the app fits the types of the package, by the compiler that Expo wants',
  { timeout: patience },
  async () => {
    expect(await run({}, 'typescript/bin/tsc', '-p', join(folder, 'tsconfig.expo.json'))).toEqual([0, ''])
  },
)

it('the documentation shows how the app hears of focus and of the network', () => {
  const page = readFileSync(join(folder, '../../docs/recipes/react-native.md'), 'utf8')
  expect(page).toContain(readFileSync(join(folder, 'app/useAppState.ts'), 'utf8'))
})

describe.each(['native', 'expo'])('on the JavaScript of a phone (%s)', (device) => {
  it('the components of the app keep every promise', { timeout: patience }, async () => {
    const [code, text] = await run(
      { DEVICE: device },
      'jest/bin/jest.js',
      '--ci',
      '--runInBand',
      '--forceExit',
    )
    if (code !== 0) throw new Error(text)
    expect(text).toMatch(/^Tests: +\d\d passed, \d\d total$/m)
  })
})

describe('bundled by Metro', () => {
  beforeAll(async () => {
    if (reason) return
    const env = { EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1' }
    const [code, text] = await run(
      env,
      'expo/bin/cli',
      'export',
      '--platform',
      'all',
      '--no-bytecode',
      '--output-dir',
      output,
    )
    if (code !== 0) throw new Error(text)
  }, patience)

  const read = (platform: string): string => {
    const path = join(output, '_expo/static/js', platform)
    return readdirSync(path)
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(path, file), 'utf8'))
      .join('\n')
  }

  it.each(['android', 'ios', 'web'])('the app for %s is a script that has signoff once', (platform) => {
    const code = read(platform)
    expect(() => new vm.Script(code)).not.toThrow()
    for (const part of [
      'Render this inside <AuthProvider>',
      'No QueryClient set, use',
      'The `prefixUrl` option',
    ])
      expect(code.split(part)).toHaveLength(2)
  })

  it('the app runs, drawn by React Native’s own renderer, and leaves nothing of a user', async () => {
    const server = await startApiServer()
    const code = read('ios').replaceAll('https://api.example.com', server.baseUrl)
    const app = openBundle(code)
    const shows = (text: string) => vi.waitFor(() => expect(app.frames.at(-1)).toContain(text))
    const logIn = async ({ email, password }: Credentials) => {
      await shows('Log in')
      app.type('E-mail', email)
      app.type('Password', password)
      await vi.waitFor(() => expect(app.valueOf('Password')).toBe(password))
      app.press('Log in')
      await shows(`private note of ${email}`)
    }
    await logIn(ada)
    await vi.waitFor(() => expect(items.size).toBe(2))
    const before = app.frames.length

    app.press('Log out')

    await shows('Log in')
    const frames = app.frames.slice(before)
    expect(frames.filter((frame) => frame.includes('ada') && frame.includes('Log in'))).toEqual([])
    const isOf = (text: string) => frames.map((frame) => frame.includes(text))
    expect(isOf('ada').lastIndexOf(true)).toBeLessThan(isOf('Log in').indexOf(true))
    await vi.waitFor(() => expect([items.size, server.sessions.size]).toEqual([0, 0]))

    await logIn(bob)
    await vi.waitFor(() => expect(items.size).toBe(2))
    const next = openBundle(code)
    await vi.waitFor(() => expect(next.frames.at(-1)).toContain(`private note of ${bob.email}`))
    expect(next.frames.filter((frame) => frame.includes('Log in'))).toEqual([])
    expect([...app.errors, ...next.errors]).toEqual([])
  })
})
