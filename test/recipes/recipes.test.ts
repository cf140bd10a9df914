import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { backends } from '../backends/backends.ts'
import { documents, openRecipe, type RecipeClient } from './openRecipe.ts'
import type { RecipeServer } from './RecipeServer.ts'
import { startBetterAuth } from './startBetterAuth.ts'
import { startDirectus } from './startDirectus.ts'
import { startDjRestAuth } from './startDjRestAuth.ts'
import { startJsonServerAuth } from './startJsonServerAuth.ts'
import { startLaravelSanctum } from './startLaravelSanctum.ts'
import { startMicrogen } from './startMicrogen.ts'
import { startPocketBase } from './startPocketBase.ts'
import { startStrapi } from './startStrapi.ts'

const recipes: { name: string; start: () => Promise<RecipeServer>; revokes: boolean; cookies?: true }[] = [
  { name: 'better-auth', start: startBetterAuth, revokes: true, cookies: true },
  { name: 'directus', start: startDirectus, revokes: false },
  { name: 'dj-rest-auth', start: startDjRestAuth, revokes: true, cookies: true },
  { name: 'json-server-auth', start: startJsonServerAuth, revokes: false },
  { name: 'laravel-sanctum', start: startLaravelSanctum, revokes: true },
  { name: 'microgen', start: startMicrogen, revokes: true },
  { name: 'pocketbase', start: startPocketBase, revokes: false },
  { name: 'strapi', start: startStrapi, revokes: false },
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

describe.each(recipes)('the recipe for $name', ({ name, start, revokes, cookies }) => {
  let server: RecipeServer

  // The first time, a server may have to be installed.
  beforeAll(async () => {
    server = await start()
  })

  afterEach(closePage)
  afterAll(() => server.close())

  it('logs in, restores the user after a reload, fetches what is private, and logs out', async () => {
    await openPage(name, server)
    expect((await restored()).status).toBe('signed-out')
    const { user, token } = await client.login(server.credentials)
    expect(user).toEqual(server.user)
    expect(localStorage.getItem('token')).toBe(token)
    closePage()

    await openPage(name, server)
    expect(await restored()).toEqual({ status: 'signed-in', user: server.user, token })
    expect(await client.api.get(server.privatePath).json()).toEqual(server.privateAnswer)
    expect(await server.isAlive(token)).toBe(true)

    const result = await client.logout()
    expect(result).toMatchObject({ user: server.user, token, revoked: revokes })
    expect(result.error).toBeNull()
    // Where the API cannot revoke it, the recipe says so.
    expect(await server.isAlive(token)).toBe(!revokes)
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
      expect(await restored()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
      expect(localStorage).toHaveLength(0)
      closePage()
    }
  })

  if (!cookies) return

  it('takes no cookie', async () => {
    const requests: (RequestCredentials | undefined)[] = []
    const { fetch } = globalThis
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((request, init) => {
      requests.push((request as Request).credentials)
      return fetch(request, init)
    })
    onTestFinished(() => spy.mockRestore())
    await openPage(name, server)
    await client.login(server.credentials)
    await client.api.get(server.privatePath).json()
    await client.logout()

    // Login, the user where the login does not say who it is, the private request, logout.
    expect(requests.length).toBeGreaterThanOrEqual(3)
    expect(new Set(requests)).toEqual(new Set(['omit']))
  })
})
