// @vitest-environment node
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { type AuthClient, memoryStorage, type SessionHandle } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { startTokenServer } from '../refresh/startTokenServer.ts'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'
import { ended, failure, hang, signedIn } from '../support/requests.ts'

const root = (path: string) => join(import.meta.dirname, '../..', path)

type Client = Pick<AuthClient<unknown>, 'getState' | 'rejectToken'>
type CreateFilesFetch = (client: Client, session: SessionHandle) => typeof fetch

/** The code of the recipe, with the server's address in the place of its own. */
const loadRecipe = async (address: string): Promise<CreateFilesFetch> => {
  const text = await readFile(root('docs/recipes/second-host.md'), 'utf8')
  const [, code = ''] = /```ts\n([^]*?)```/.exec(text) ?? []
  const here = code.replace('https://files.example.com/', `${address}/`)
  expect(here).not.toBe(code)
  const folder = root('node_modules/.cache/second-host')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${new URL(address).port}.ts`)
  await writeFile(path, here)
  const module = (await import(/* @vite-ignore */ path)) as { createFilesFetch: CreateFilesFetch }
  return module.createFilesFetch
}

/** Ada is signed in, and a second host knows her token. */
const start = async () => {
  const app = await signedIn()
  const files = await startApiServer()
  files.sessions.set(app.token, app.user)
  const createFilesFetch = await loadRecipe(files.baseUrl)
  const open = () => createFilesFetch(app.client, app.client.getSession())
  return { ...app, files, open, filesFetch: open(), list: `${files.baseUrl}/list` }
}

it('sends the token to the second host, and what the caller says', async () => {
  const { files, filesFetch, list, token } = await start()
  const init = { method: 'PUT', body: 'a file', headers: { 'X-Own': 'mine' } }
  expect((await filesFetch(`${list}?a=b%20c`, init)).status).toBe(200)
  expect((await filesFetch(new Request(`${list}?a=b%20c`, init))).status).toBe(200)
  const received = files.received('PUT /api/list?a=b%20c')
  expect(received).toHaveLength(2)
  for (const request of received) {
    expect(request).toMatchObject({ token, body: 'a file', headers: { 'x-own': 'mine' } })
  }
})

it('sends it to the API as before, and to no other host or path', async () => {
  const { server, files, filesFetch, notes, token, client } = await start()
  const other = await startApiServer()
  await filesFetch(notes)
  await filesFetch(`${other.baseUrl}/list`)
  await filesFetch(`${files.origin}/elsewhere`)
  await filesFetch(`${files.baseUrl}-alike/list`)
  expect(server.received('GET /api/notes').map((request) => request.token)).toEqual([token])
  expect([...other.requests, ...files.requests].map((request) => request.token)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(client.getState()).toMatchObject({ status: 'signed-in', token })
})

it('ends the session when the second host refuses the token, once and without a logout', async () => {
  const { server, client, files, filesFetch, list, token, user, onSignOut } = await start()
  files.sessions.delete(token)
  const errors = await Promise.all([filesFetch(list), filesFetch(list)].map(failure))
  expect(errors).toEqual([ended('rejected'), ended('rejected')])
  await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
  expect(onSignOut.mock.calls).toEqual([[{ reason: 'rejected', user }]])
  expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
  expect(server.received('POST /api/auth/logout')).toEqual([])
})

it('does not count what another host answers to which it was redirected', async () => {
  const { client, files, filesFetch, list, token } = await start()
  const other = await startApiServer()
  files.answer('GET /api/list', answers.status(302, { Location: `${other.baseUrl}/list` }))
  expect((await filesFetch(list)).status).toBe(401)
  expect(other.requests.map((request) => request.token)).toEqual([undefined])
  expect(client.getState()).toMatchObject({ status: 'signed-in', token })
})

it('ends with the session: at once on its way, and before anything is sent after it', async () => {
  const { client, files, filesFetch, open, list, token } = await start()
  const { arrived, closed } = hang(files, 'GET /api/list')
  const error = failure(filesFetch(list))
  await arrived
  const next = await client.login(bob)
  expect(await error).toEqual(ended('replaced'))
  await closed
  expect(await failure(filesFetch(list))).toEqual(ended('replaced'))
  expect(files.requests.map((request) => request.token)).toEqual([token])

  files.answer('GET /api/list', answers.json([]))
  await open()(list)
  expect(files.requests.map((request) => request.token)).toEqual([token, next.token])
  await client.logout()
  expect(await failure(open()(list))).toMatchObject({ name: 'SignedOutError' })
  expect(files.requests).toHaveLength(2)
})

it('is asked by a guest without a token', async () => {
  const { baseUrl } = await startApiServer()
  const files = await startApiServer()
  const { client } = makeClient({ baseUrl, storage: memoryStorage(), guests: true })
  const filesFetch = (await loadRecipe(files.baseUrl))(client, client.getSession())
  expect((await filesFetch(`${files.baseUrl}/announcements`)).status).toBe(200)
  expect((await filesFetch(`${files.baseUrl}/list`)).status).toBe(401)
  expect(files.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
})

it('hands the 401 on where the token is refreshed by it, and answers when it is asked again', async () => {
  const server = await startTokenServer()
  const files = await startApiServer()
  const storage = memoryStorage()
  const { client } = makeClient({ baseUrl: server.baseUrl, storage, refresh: tokenRefresh() })
  const { token } = await client.login(ada)
  const filesFetch = (await loadRecipe(files.baseUrl))(client, client.getSession())
  const list = `${files.baseUrl}/list`
  expect((await filesFetch(list)).status).toBe(401)
  await vi.waitFor(() => expect(client.getState().token).not.toBe(token))
  files.sessions.set(client.getState().token ?? '', { id: '1', email: ada.email })
  expect((await filesFetch(list)).status).toBe(200)
  expect(server.refreshes()).toHaveLength(1)
})
