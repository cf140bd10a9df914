import { act, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { answers, startApiServer } from '../support/apiServer.ts'
import { openPage, visit } from '../support/page.ts'
import { ada } from '../support/renderApp.tsx'
import { loadCode, readFences, type RecipeClient } from './openRecipe.ts'

/** What the answer to a question exports, found by something that its code says. */
const load = async (language: 'ts' | 'tsx', word: string): Promise<Record<string, unknown>> => {
  const fences = await readFences('guide/questions', language)
  const [code = '', ...others] = fences.filter((fence) => fence.includes(word))
  expect(others).toEqual([])
  return loadCode('question', code, language)
}

const loadClient = async (word: string): Promise<RecipeClient> => {
  const { authClient } = (await load('ts', word)) as { authClient: RecipeClient }
  onTestFinished(authClient.mount())
  return authClient
}

it('goes back after a login to a path of the app, and nowhere else', async () => {
  visit('https://shop.example/orders?page=2#top')
  const { loginPath, readReturnPath } = (await load('ts', 'readReturnPath')) as {
    loginPath: () => string
    readReturnPath: (search: string) => string
  }
  const search = new URL(loginPath(), location.origin).search
  expect(readReturnPath(search)).toBe('/orders?page=2')
  expect(readReturnPath('')).toBe('/')
  const elsewhere = [
    'https://evil.example/x',
    '//evil.example/x',
    '/\\evil.example/x',
    '/.//evil.example/x',
    'javascript:alert(1)',
    'data:text/html,x',
  ]
  for (const from of elsewhere) {
    const path = readReturnPath(`?from=${encodeURIComponent(from)}`)
    expect(new URL(path, location.origin).host).toBe('shop.example')
    expect(path).toBe(from.startsWith('/.') ? '/evil.example/x' : '/')
  }
})

it('reads a session that was stored as JSON, and stores it so', async () => {
  const { server } = await openPage('/')
  const { token, user } = server.issue(ada.email)
  localStorage.setItem('session', JSON.stringify({ token, user, expires: 1 }))
  const client = await loadClient(`const key = 'session'`)
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ status: 'signed-in', user, token }))
  await client.logout()
  expect(localStorage).toHaveLength(0)
  const next = await client.login(ada)
  expect(JSON.parse(localStorage.getItem('session') ?? '')).toEqual({ token: next.token })
})

it('reads a token from a cookie that a script has set, and leaves none behind', async () => {
  const { server } = await openPage('/')
  // happy-dom keeps a secure cookie on https alone, as a browser does that is not on localhost.
  visit(server.origin.replace('http:', 'https:'))
  const { token, user } = server.issue(ada.email)
  const fences = await readFences('guide/questions', 'ts')
  const code = fences.find((fence) => fence.includes('document.cookie')) ?? ''
  document.cookie = `token=${encodeURIComponent(token)}; Path=/; Secure`
  const here = code.replace(`'/api'`, `'${server.baseUrl}'`)
  const { authClient: client } = (await loadCode('question', here)) as { authClient: RecipeClient }
  onTestFinished(client.mount())
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ status: 'signed-in', user, token }))
  await client.logout()
  expect(document.cookie).toBe('')
  const next = await client.login(ada)
  expect(document.cookie).toBe(`token=${encodeURIComponent(next.token)}`)
  await client.logout()
})

it('validates the user with a schema that has nothing but safeParse', async () => {
  const { server } = await openPage('/')
  const client = await loadClient('toStandard')
  server.answer(
    'POST /api/auth/login',
    answers.json({ token: 'T', user: { id: '1', email: ada.email, more: 1 } }),
  )
  expect(await client.login(ada)).toMatchObject({ user: { id: '1', email: ada.email } })
  expect(client.getState().user).not.toHaveProperty('more')
  server.answer('POST /api/auth/login', answers.json({ token: 'T', user: { id: 1 } }))
  await expect(client.login(ada)).rejects.toMatchObject({ code: 'invalid-response' })
})

it('keeps what keepStorage names of other libraries, and nothing else', async () => {
  await openPage('/')
  const client = await loadClient('i18nextLng')
  await client.login(ada)
  for (const key of ['i18nextLng', 'mui-mode', 'ph_key_posthog']) localStorage.setItem(key, 'x')
  await client.logout()
  expect(Object.keys(localStorage).sort()).toEqual(['i18nextLng', 'mui-mode'])
})

it('shows the edited profile everywhere, in the same session', async () => {
  const server = await startApiServer()
  const { useRename } = (await load('tsx', 'useRename')) as {
    useRename: () => { mutate: (name: string) => void }
  }
  // The other tests load the modules anew.
  const { makeClient, renderApp } = await import('../support/renderApp.tsx')
  const { useUser } = await import('signoff')
  const app = makeClient({ baseUrl: server.baseUrl })
  const { user } = await app.client.login(ada)
  server.answer('PATCH /api/auth/user', answers.json({ ...user, name: 'Ada Lovelace' }))
  const session = app.client.getSession()
  const Profile = () => {
    const { mutate } = useRename()
    return <button onClick={() => mutate('Ada Lovelace')}>{JSON.stringify(useUser())}</button>
  }
  renderApp(app, <Profile />)
  act(() => screen.getByRole('button').click())
  await screen.findByText(/Ada Lovelace/)
  expect(app.client.getSession()).toBe(session)
  expect(app.client.getState().user).toMatchObject({ name: 'Ada Lovelace' })
})

it('shows something to a role only, and no longer when the user has lost it', async () => {
  const server = await startApiServer()
  const { ForRole } = (await load('tsx', 'ForRole')) as {
    ForRole: (props: { needs: string; children: string }) => ReactNode
  }
  const { makeClient, renderApp } = await import('../support/renderApp.tsx')
  const app = makeClient({ baseUrl: server.baseUrl })
  const { user } = await app.client.login(ada)
  const write = (roles: string[]) =>
    act(() => void app.queryClient.setQueryData(app.client.userOptions.queryKey, { ...user, roles } as never))
  write(['reader'])
  const { container } = renderApp(
    app,
    <>
      <ForRole needs="reader">read</ForRole> <ForRole needs="admin">delete</ForRole>
    </>,
  )
  expect(container.textContent).toBe('read ')
  write(['admin'])
  await expect.poll(() => container.textContent).toBe(' delete')
})
