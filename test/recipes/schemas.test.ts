import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answers, startApiServer } from '../support/apiServer.ts'
import { visit } from '../support/page.ts'
import { ada } from '../support/renderApp.tsx'

const recipes = [
  { name: 'zod', load: () => import('./zodUser.ts'), keepsMore: false },
  { name: 'valibot', load: () => import('./valibotUser.ts'), keepsMore: false },
  { name: 'arktype', load: () => import('./arktypeUser.ts'), keepsMore: true },
]

const sent = { id: '1', email: ada.email, createdAt: '2026-01-02T03:04:05.000Z', shoeSize: 38 }
const user = { id: '1', email: ada.email, createdAt: new Date(sent.createdAt) }

describe.each(recipes)('the recipe for $name', ({ name, load, keepsMore }) => {
  const start = async (answer: object) => {
    const server = await startApiServer()
    server.answer('POST /api/auth/login', answers.json({ token: 'T', user: answer }))
    server.answer('GET /api/auth/user', answers.json(answer))
    visit(`${server.origin}/`)
    return { server, ...(await load()) }
  }

  it('is the code that the documentation shows', async () => {
    const read = (path: string) => readFile(join(import.meta.dirname, path), 'utf8')
    expect(await read('../../docs/recipes/schemas.md')).toContain(
      `\`\`\`ts\n${await read(`${name}User.ts`)}\`\`\``,
    )
  })

  it('returns what the schema makes of the user', async () => {
    const { authClient } = await start(sent)
    const session = await authClient.login(ada)
    const expected = keepsMore ? { ...user, shoeSize: 38 } : user
    expect(session.user).toEqual(expected)
    expect(authClient.getState().user).toEqual(expected)
  })

  it.each([
    ['lacks a field', { ...sent, id: undefined }],
    ['has a field of another type', { ...sent, id: 1 }],
    ['has an address that is none', { ...sent, email: 'ada' }],
    ['has a date that is none', { ...sent, createdAt: 'yesterday' }],
  ])('refuses a user that %s, and quotes nothing of it', async (_what, answer) => {
    const { authClient } = await start(answer)
    const error: unknown = await authClient.login(ada).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      name: 'RequestError',
      code: 'invalid-response',
      status: 200,
      message: 'The answer has no valid user',
    })
    expect(error).toMatchObject({ data: undefined })
    expect(error).not.toHaveProperty('cause')
    expect(authClient.getState()).toMatchObject({ status: 'signed-out', token: null })
    expect(localStorage.length).toBe(0)
  })

  it('keeps a stored token whose user does not fit, and nobody is signed in', async () => {
    localStorage.setItem('token', 'T')
    const { authClient, server } = await start({ ...sent, email: 'ada' })
    const { queryFn } = authClient.userOptions
    const context = { signal: new AbortController().signal, queryKey: authClient.userOptions.queryKey }
    await expect(queryFn(context as never)).rejects.toMatchObject({ code: 'invalid-response' })
    expect(server.received('GET /api/auth/user')).toHaveLength(1)
    expect(authClient.getState()).toEqual({ status: 'restoring', user: null, token: 'T' })
  })
})
