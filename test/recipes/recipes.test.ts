import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { backends } from '../backends/backends.ts'
import { installLocks } from '../refresh/installLocks.ts'
import { documents, openRecipe, type RecipeClient } from './openRecipe.ts'
import type { RecipeServer } from './RecipeServer.ts'
import { startAppwrite } from './startAppwrite.ts'
import { startBetterAuth } from './startBetterAuth.ts'
import { startDirectus } from './startDirectus.ts'
import { startDjRestAuth } from './startDjRestAuth.ts'
import { startDjangoRestKnox } from './startDjangoRestKnox.ts'
import { startJsonServerAuth } from './startJsonServerAuth.ts'
import { startKeycloak } from './startKeycloak.ts'
import { startLaravelSanctum } from './startLaravelSanctum.ts'
import { startLexikJwt } from './startLexikJwt.ts'
import { startMicrogen } from './startMicrogen.ts'
import { startNhost } from './startNhost.ts'
import { startParse } from './startParse.ts'
import { startPocketBase } from './startPocketBase.ts'
import { startRailsDeviseJwt } from './startRailsDeviseJwt.ts'
import { startStrapi } from './startStrapi.ts'
import { startSupabase } from './startSupabase.ts'

interface Recipe {
  name: string
  start: () => Promise<RecipeServer>
  /** What a logout really ends on the server. */
  ends: 'the token' | 'the refresh token' | 'nothing'
  /** What makes a new token, if anything does. */
  refreshedBy?: 'a refresh token' | 'the token itself'
  /** Whether the API can end all sessions of a user. */
  everywhere?: true
  /** Whether one status means a dead token and a missing right. */
  forbids?: true
  cookies?: true
}

const recipes: Recipe[] = [
  { name: 'appwrite', start: startAppwrite, ends: 'the token', everywhere: true, cookies: true },
  { name: 'better-auth', start: startBetterAuth, ends: 'the token', cookies: true },
  { name: 'directus', start: startDirectus, ends: 'the refresh token', refreshedBy: 'a refresh token' },
  { name: 'dj-rest-auth', start: startDjRestAuth, ends: 'the token', cookies: true },
  {
    name: 'django-rest-knox',
    start: startDjangoRestKnox,
    ends: 'the token',
    everywhere: true,
    cookies: true,
  },
  { name: 'json-server-auth', start: startJsonServerAuth, ends: 'nothing' },
  { name: 'keycloak', start: startKeycloak, ends: 'the refresh token', refreshedBy: 'a refresh token' },
  { name: 'laravel-sanctum', start: startLaravelSanctum, ends: 'the token' },
  { name: 'lexik-jwt', start: startLexikJwt, ends: 'the token', refreshedBy: 'a refresh token' },
  { name: 'microgen', start: startMicrogen, ends: 'the token' },
  {
    name: 'nhost',
    start: startNhost,
    ends: 'the refresh token',
    refreshedBy: 'a refresh token',
    everywhere: true,
  },
  { name: 'parse', start: startParse, ends: 'the token', forbids: true },
  { name: 'pocketbase', start: startPocketBase, ends: 'nothing', refreshedBy: 'the token itself' },
  { name: 'rails-devise-jwt', start: startRailsDeviseJwt, ends: 'the token' },
  {
    name: 'strapi',
    start: startStrapi,
    ends: 'the refresh token',
    refreshedBy: 'a refresh token',
    everywhere: true,
  },
  {
    name: 'supabase',
    start: startSupabase,
    ends: 'the refresh token',
    refreshedBy: 'a refresh token',
    everywhere: true,
    forbids: true,
  },
]

let client: RecipeClient

const openPage = async (name: string, { origin }: RecipeServer): Promise<void> => {
  client = await openRecipe(name, origin)
}

/** The page goes, and its storage stays. */
const closePage = (): void => client.unmount()

/** The state once the stored token has been checked. */
const restored = async () => {
  await vi.waitFor(() => expect(client.getState().status).not.toBe('restoring'))
  return client.getState()
}

it('has a test for each API that a recipe is for', async () => {
  const files = await readdir(documents)
  const texts = await Promise.all(files.map((file) => readFile(join(documents, file), 'utf8')))
  const documented = files.filter((_, index) => texts[index]?.startsWith('# How do I use signoff with '))
  const tested = new Set([...recipes.map(({ name }) => name), ...backends.map(({ recipe }) => recipe)])
  expect([...tested].map((name) => `${name}.md`).sort()).toEqual(documented.sort())
})

describe('each recipe for an API', async () => {
  const files = (await readdir(documents)).filter((file) => file.endsWith('.md'))
  const texts = await Promise.all(files.map((file) => readFile(join(documents, file), 'utf8')))
  const pages = texts.filter((text) => text.startsWith('# How do I use signoff with '))

  it('has one form', () => {
    const form = ['What the API says', 'The client', 'What a logout ends', 'What to set on the server']
    for (const page of pages) {
      expect(Array.from(page.matchAll(/^## (.+)$/gm), ([, heading]) => heading)).toEqual(form)
      expect(page).toMatch(/^The recipe(?:, with the Python above,)? is tested (?:on|with) /m)
    }
  })

  it('makes the client in at most fifteen lines, and rewrites nothing in a fetch', () => {
    for (const page of pages) {
      const [, made = ''] = /^(export const authClient = [^]*?^\}\))$/m.exec(page) ?? []
      const lines = made.split('\n').filter((line) => !line.trim().startsWith('//'))
      expect(lines.length).toBeGreaterThan(3)
      expect(lines.length).toBeLessThanOrEqual(15)
      expect(made).not.toMatch(/\bfetch\b/)
    }
  })

  it('is found by the shape of the answer', () => {
    const which = texts.find((text) => text.includes('# Which recipe is mine?')) ?? ''
    const names = files.filter((_, index) => pages.includes(texts[index] ?? ''))
    expect(names.filter((name) => !which.includes(`(./${name.replace('.md', '')})`))).toEqual([])
  })
})

/** The server of a recipe, for the tests of one `describe`. */
const serve = ({ start }: Recipe) => {
  const server = {} as RecipeServer

  // The first time, a server may have to be installed.
  beforeAll(async () => {
    Object.assign(server, await start())
  })

  afterEach(closePage)
  afterAll(() => server.close())
  return server
}

describe.each(recipes)('the recipe for $name', (recipe) => {
  const { name, ends } = recipe
  const server = serve(recipe)

  it('logs in, restores the user after a reload, fetches what is private, and logs out', async () => {
    await openPage(name, server)
    expect((await restored()).status).toBe('signed-out')
    const { user, token } = await client.login(server.credentials)
    expect(user).toEqual(server.user)
    // With a refresh token, both are in one value.
    expect(localStorage.getItem('token')).toContain(token)
    closePage()

    await openPage(name, server)
    expect(await restored()).toEqual({ status: 'signed-in', user: server.user, token })
    expect(await client.api.get(server.privatePath).json()).toEqual(server.privateAnswer)
    expect(await server.isAlive(token)).toBe(true)

    const result = await client.logout()
    expect(result).toMatchObject({ user: server.user, token, revoked: ends !== 'nothing' })
    // Where the API cannot revoke it, the recipe says so.
    expect(result.error).toBeNull()
    expect(await server.isAlive(token)).toBe(ends !== 'the token')
    expect(localStorage).toHaveLength(0)
    closePage()

    await openPage(name, server)
    expect((await restored()).status).toBe('signed-out')
  })

  it('says what the API answered to a wrong password, and begins no session', async () => {
    await openPage(name, server)
    const login = client.login({ ...server.credentials, password: 'Another1' })

    await expect(login).rejects.toMatchObject({ name: 'RequestError', code: 'http' })
    expect(client.getState().status).toBe('signed-out')
  })

  it('is signed out after a reload where the token is dead', async () => {
    await openPage(name, server)
    const { token } = await client.login(server.credentials)
    closePage()

    for (const dead of await server.expire(token)) {
      localStorage.setItem('token', dead)
      await openPage(name, server)
      expect(client.getState().status).toBe('restoring')
      // Where the token itself tells the user, the first request says that it is dead.
      await client.api.get(server.privatePath).catch(() => {})
      expect(await restored()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
      expect(localStorage).toHaveLength(0)
      closePage()
    }
  })

  it(`ends ${ends} at a logout, and no session on another device`, async () => {
    await openPage(name, server)
    const { token } = await client.login(server.credentials)
    const isOnElsewhere = server.openElsewhere?.()
    expect(await client.logout()).toMatchObject({ token, revoked: ends !== 'nothing', error: null })
    expect(await server.isAlive(token)).toBe(ends !== 'the token')
    expect(server.isRefreshable?.(token) ?? false).toBe(false)
    if (isOnElsewhere) expect(isOnElsewhere()).toBe(true)
  })

  it('keeps the session where the user has changed a profile', async () => {
    await openPage(name, server)
    const { token } = await client.login(server.credentials)
    const session = client.getSession()
    client.renewSession({ token, user: { ...server.user, nickname: 'Ada' } })
    expect(client.getSession()).toBe(session)
    expect(client.getState().user).toMatchObject({ nickname: 'Ada' })
    await client.logout()
  })

  it('ends where the API refuses the token of a request', async () => {
    await openPage(name, server)
    const { token } = await client.login(server.credentials)
    // Some tokens nobody can end, and some are taken by a part of the API that knows nothing of sessions.
    const [dead = token] = await server.expire(token)
    if (dead !== token || (await server.isAlive(token))) return
    await expect(client.api.get(server.privatePath)).rejects.toMatchObject({ name: 'SessionEndedError' })
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
  })
})

describe.each(recipes.filter(({ refreshedBy }) => refreshedBy === 'a refresh token'))(
  'the recipe for $name',
  (recipe) => {
    const server = serve(recipe)

    it('goes on with a new token where the access token has expired, also after a reload', async () => {
      await openPage(recipe.name, server)
      const { token } = await client.login(server.credentials)
      const session = client.getSession()
      server.expireAccess?.(token)
      expect(await client.api.get(server.privatePath).json()).toEqual(server.privateAnswer)
      const { token: next } = client.getState()
      expect(next).not.toBe(token)
      expect(client.getSession()).toBe(session)
      closePage()

      server.expireAccess?.(next ?? '')
      await openPage(recipe.name, server)
      await client.api.get(server.privatePath)
      expect(await restored()).toMatchObject({ status: 'signed-in', user: server.user })
      const last = client.getState().token ?? ''
      expect(last).not.toBe(next)
      expect(await client.logout()).toMatchObject({ revoked: true, error: null })
      expect(server.isRefreshable?.(last)).toBe(false)
      expect(localStorage).toHaveLength(0)
    })

    it('uses no refresh token twice where two tabs find theirs expired, and a logout ends both', async () => {
      installLocks()
      await openPage(recipe.name, server)
      const { token } = await client.login(server.credentials)
      const other = await openRecipe(recipe.name, server.origin)
      onTestFinished(other.unmount)
      await vi.waitFor(() => expect(other.getState().status).toBe('signed-in'))
      const alarms = server.alarms?.()
      server.expireAccess?.(token)
      const asked = [client, other].map(({ api }) => api.get(server.privatePath).json())
      expect(await Promise.all(asked)).toEqual([server.privateAnswer, server.privateAnswer])
      expect(server.alarms?.()).toBe(alarms)
      const { token: next } = client.getState()
      expect(next).not.toBe(token)
      expect(other.getState()).toMatchObject({ status: 'signed-in', token: next })
      expect(await other.logout()).toMatchObject({ revoked: true, error: null })
      expect(server.isRefreshable?.(next ?? '')).toBe(false)
      await vi.waitFor(() => expect(client.getState()).toMatchObject({ reason: 'elsewhere' }))
    })

    it('revokes the refresh token where the access token has expired by the time of the logout', async () => {
      await openPage(recipe.name, server)
      const { token } = await client.login(server.credentials)
      server.expireAccess?.(token)
      expect(await client.logout()).toMatchObject({ revoked: true, error: null })
      expect(server.isRefreshable?.(token)).toBe(false)
      expect(localStorage).toHaveLength(0)
    })
  },
)

/** The clock of the page and of its server. */
const takeClock = (): { move: (milliseconds: number) => void } => {
  const now = Date.now.bind(Date)
  let moved = 0
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + moved)
  onTestFinished(() => clock.mockRestore())
  return { move: (milliseconds) => void (moved += milliseconds) }
}

describe.each(recipes.filter(({ refreshedBy }) => refreshedBy === 'the token itself'))(
  'the recipe for $name',
  (recipe) => {
    const server = serve(recipe)
    const day = 24 * 3_600_000

    it('goes on with a new token in the second half of the life of the old one', async () => {
      const clock = takeClock()
      await openPage(recipe.name, server)
      const { token } = await client.login(server.credentials)
      const session = client.getSession()
      clock.move(3 * day)
      await client.api.get(server.privatePath)
      expect(client.getState().token).toBe(token)
      clock.move(day)
      expect(await client.api.get(server.privatePath).json()).toEqual(server.privateAnswer)
      const { token: next } = client.getState()
      expect(next).not.toBe(token)
      expect(client.getSession()).toBe(session)

      clock.move(6 * day)
      expect(await server.isAlive(token)).toBe(false)
      expect(await client.api.get(server.privatePath).json()).toEqual(server.privateAnswer)
      expect(client.getState().token).not.toBe(next)
      await client.logout()
    })

    it('ends where the token has expired meanwhile', async () => {
      const clock = takeClock()
      await openPage(recipe.name, server)
      await client.login(server.credentials)
      closePage()
      clock.move(8 * day)
      await openPage(recipe.name, server)
      expect(await restored()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
      expect(localStorage).toHaveLength(0)
    })
  },
)

describe.each(recipes.filter(({ everywhere }) => everywhere))('the recipe for $name', (recipe) => {
  const server = serve(recipe)

  it('ends the sessions on other devices where it is asked to', async () => {
    await openPage(recipe.name, server)
    await client.login(server.credentials)
    const isOnElsewhere = server.openElsewhere?.()
    expect(await client.logout({ everywhere: true })).toMatchObject({ revoked: true, error: null })
    expect(isOnElsewhere?.()).toBe(false)
  })
})

describe.each(recipes.filter(({ forbids }) => forbids))('the recipe for $name', (recipe) => {
  const server = serve(recipe)

  it('goes on where a right is missing, by the status of a dead token', async () => {
    await openPage(recipe.name, server)
    const { token } = await client.login(server.credentials)
    const forbidden = client.api.get(server.forbiddenPath ?? '')
    await expect(forbidden).rejects.toMatchObject({ name: 'HTTPError' })
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    await client.logout()
  })
})

describe.each(recipes.filter(({ cookies }) => cookies))('the recipe for $name', (recipe) => {
  const server = serve(recipe)

  it('takes no cookie', async () => {
    const requests: (RequestCredentials | undefined)[] = []
    const { fetch } = globalThis
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((request, init) => {
      requests.push((request as Request).credentials)
      return fetch(request, init)
    })
    onTestFinished(() => spy.mockRestore())
    await openPage(recipe.name, server)
    await client.login(server.credentials)
    await client.api.get(server.privatePath).json()
    await client.logout()

    // Login, the user where the login does not say who it is, the private request, logout.
    expect(requests.length).toBeGreaterThanOrEqual(3)
    expect(new Set(requests)).toEqual(new Set(['omit']))
  })
})
