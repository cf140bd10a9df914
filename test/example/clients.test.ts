// @vitest-environment node
import { execFile, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { demoUser } from '../../example/demoUser.ts'
import { type ExampleServer, startExampleApi } from '../support/exampleServer.ts'

const folder = fileURLToPath(new URL('../../example/clients', import.meta.url))

const clients = [
  { language: 'JavaScript', command: ['node', 'logout.mjs'], version: ['node', '--version'] },
  { language: 'Go', command: ['go', 'run', 'logout.go'], version: ['go', 'version'] },
  { language: 'PHP', command: ['php', 'logout.php'], version: ['php', '--version'] },
  { language: 'plain HTTP (curl)', command: ['sh', 'logout.sh'], version: ['curl', '--version'] },
].map((client) => {
  const [program = '', ...options] = client.version
  return { ...client, isMissing: spawnSync(program, options).status !== 0 }
})

for (const { language, isMissing } of clients) {
  if (isMissing) console.warn(`${language} is not installed: its client is not tested.`)
}

let server: ExampleServer
let api: string

beforeAll(async () => {
  server = await startExampleApi()
  api = `${server.url}/api`
})

afterAll(() => server.close())

/** Runs a client to its end. */
const run = (
  [program = '', ...options]: string[],
  url: string,
  environment: Record<string, string> = {},
): Promise<{ code: number; lines: Record<string, string> }> =>
  new Promise((resolve) => {
    // A proxy for the outer world has no part in a conversation with this machine.
    const env = { ...process.env, NO_PROXY: '*', no_proxy: '*', ...environment }
    execFile(program, [...options, url], { cwd: folder, env }, (error, stdout) => {
      const lines = stdout.trimEnd().split('\n')
      const entries = lines.map((line) => [line.replace(/:.*/, ''), line.replace(/.*?: ?/, '').trim()])
      resolve({ code: error ? Number(error.code) : 0, lines: Object.fromEntries(entries) })
    })
  })

const noRefresh = { refresh: 'none', 'refresh afterwards': 'none' }

const nobody = { user: 'null', token: 'null', ...noRefresh }

/** The same API, but for a logout that revokes nothing, or only access tokens. */
const startForgetfulApi = async (refreshToken?: string): Promise<string> => {
  const session = { user: { id: '1', email: demoUser.email }, token: 'token-that-lives-on', refreshToken }
  const forgetful = createServer(({ url }, response) => {
    const isRefused = refreshToken !== undefined && url === '/auth/user'
    response.writeHead(isRefused ? 401 : 200, { 'Content-Type': 'application/json', Connection: 'close' })
    response.end(JSON.stringify(url === '/auth/user' ? session.user : session))
  })
  await new Promise<void>((resolve) => forgetful.listen(0, 'localhost', resolve))
  onTestFinished(() => {
    forgetful.close()
  })
  return `http://localhost:${(forgetful.address() as AddressInfo).port}`
}

// The first run of Go compiles its library.
describe.each(clients)('the client in $language', ({ command, isMissing }) => {
  it.skipIf(isMissing)(
    'refreshes, and logs out with the user and tokens that are dead afterwards',
    async () => {
      const { code, lines } = await run(command, api)

      expect(lines).toEqual({
        user: expect.any(String),
        token: expect.stringMatching(/^[\w-]{20,}$/),
        status: '200',
        statusText: 'OK',
        error: 'null',
        afterwards: '401 Unauthorized',
        refresh: '200 OK',
        'refresh afterwards': '401 Unauthorized',
      })
      const { password: _, ...user } = demoUser
      expect(JSON.parse(lines['user'] ?? '')).toEqual({
        ...user,
        id: expect.any(String),
        createdAt: expect.any(String),
      })
      expect(code).toBe(0)
      const headers = { Authorization: `Bearer ${lines['token']}` }
      expect((await fetch(`${api}/auth/user`, { headers })).status).toBe(401)
    },
  )

  it.skipIf(isMissing)('says why a login was refused, and fails', async () => {
    const { code, lines } = await run(command, api, { PASSWORD: 'another password' })

    const error = 'Invalid email or password'
    expect(lines).toEqual({ ...nobody, status: '401', statusText: 'Unauthorized', error, afterwards: '0' })
    expect(code).toBe(1)
  })

  it.skipIf(isMissing)('has status 0 and an error where no answer comes, and fails', async () => {
    // Nobody listens on port 1.
    const { code, lines } = await run(command, 'http://localhost:1')

    expect(lines).toEqual({
      ...nobody,
      status: '0',
      statusText: '',
      error: expect.stringMatching(/\w+ \w+/),
      afterwards: '0',
    })
    expect(code).toBe(1)
  })

  it.skipIf(isMissing)('fails where the token lives on', async () => {
    const { code, lines } = await run(command, await startForgetfulApi())

    expect(lines).toMatchObject({
      token: 'token-that-lives-on',
      status: '200',
      afterwards: '200 OK',
      ...noRefresh,
    })
    expect(code).toBe(1)
  })

  it.skipIf(isMissing)('fails where the refresh token alone lives on', async () => {
    const { code, lines } = await run(command, await startForgetfulApi('refresh-token-that-lives-on'))

    expect(lines).toMatchObject({
      afterwards: '401 Unauthorized',
      refresh: '200 OK',
      'refresh afterwards': '200 OK',
    })
    expect(code).toBe(1)
  })

  it.skipIf(isMissing)(
    'logs out with the token that the refresh gave, and no longer with the first',
    async () => {
      const asked: string[] = []
      const recording = createServer((request, response) => {
        const { url = '', headers } = request
        asked.push(`${url} ${headers.authorization ?? '-'}`)
        const count = asked.length
        const isDead = count > 3
        request.resume()
        response.writeHead(isDead ? 401 : 200, { 'Content-Type': 'application/json', Connection: 'close' })
        const pair = { token: `token-${count}`, refreshToken: `refresh-token-${count}` }
        response.end(JSON.stringify(isDead ? { message: 'Dead.' } : { user: { id: '1' }, ...pair }))
      })
      await new Promise<void>((resolve) => recording.listen(0, 'localhost', resolve))
      onTestFinished(() => void recording.close())
      const { code } = await run(command, `http://localhost:${(recording.address() as AddressInfo).port}`)

      expect(asked).toEqual([
        '/auth/login -',
        '/auth/refresh -',
        '/auth/logout Bearer token-2',
        '/auth/user Bearer token-2',
        '/auth/refresh -',
      ])
      expect(code).toBe(0)
    },
  )
})

describe('the clients', () => {
  it('print the same', async () => {
    const present = clients.filter(({ isMissing }) => !isMissing)
    const outputs = await Promise.all(present.map(({ command }) => run(command, api)))
    const withoutTokens = outputs.map(({ lines }) => ({ ...lines, token: typeof lines['token'] }))

    expect(new Set(withoutTokens.map((lines) => JSON.stringify(lines))).size).toBe(1)
  })
})
