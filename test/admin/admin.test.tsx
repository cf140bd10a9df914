import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { QueryClient } from '@tanstack/react-query'
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import type { ComponentType } from 'react'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthClient } from 'signoff'
import { type ApiServer, answers } from '../support/apiServer.ts'
import { installPackages } from '../support/installPackages.ts'
import { openPage, recordPage } from '../support/page.ts'
import { isQueryBefore } from '../support/queryVersion.ts'
import { ada, bob, type Credentials } from '../support/renderApp.tsx'
import { ended } from '../support/requests.ts'

const folder = import.meta.dirname

interface Loaded {
  App: ComponentType<{ onGo: (to: string) => void }>
  authClient: AuthClient
  queryClient: QueryClient
}

/** By a path that the compiler does not follow: it checks these files where the packages are installed. */
const load = async (name: string) => (await import(/* @vite-ignore */ join(folder, name))) as Loaded

const frameworks = [
  { name: 'refine', page: 'refine', files: ['refineClient.ts', 'refineAuthProvider.ts'] },
  { name: 'reactAdmin', page: 'react-admin', files: ['reactAdminClient.ts', 'reactAdminAuthProvider.ts'] },
]

const logout = 'POST /api/auth/logout'
const noteOf = ({ email }: Credentials) => `${email}: private note of ${email}`

beforeAll(() => installPackages(folder))

it('the code fits the real types of the packages', async () => {
  const compiler = join(folder, '../../node_modules/.bin/tsc')
  const output = await promisify(execFile)(compiler, ['-p', folder]).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
  expect(output).toBe('')
})

describe.each(frameworks)('the recipe for $page', ({ page, files }) => {
  it('is the code that runs here, in fences of at most fifteen lines', async () => {
    const recipe = await readFile(join(folder, `../../docs/recipes/${page}.md`), 'utf8')
    const codes = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
    for (const code of codes) {
      expect(recipe).toContain(`\`\`\`ts no-compile\n${code}\`\`\``)
      expect(code.split('\n').filter((line) => /^(?!import ).*\S/.test(line)).length).toBeLessThanOrEqual(15)
    }
  })
})

// They ask for TanStack Query 5.81 and newer.
describe.skipIf(isQueryBefore(83)).each(frameworks)('an app on $page', ({ name }) => {
  let server: ApiServer
  let app: Loaded
  const onGo = vi.fn<(to: string) => void>()

  /** Loads the page: every module anew, so that nothing but the browser's storage is left of the page before. */
  const open = async () => {
    cleanup()
    vi.resetModules()
    onGo.mockClear()
    const { App } = await load(`${name}App.tsx`)
    app = { ...(await load(`${name}Client.ts`)), App }
    render(<App onGo={onGo} />)
  }

  const logIn = async ({ email, password }: Credentials) => {
    fireEvent.change(await screen.findByLabelText('E-mail'), { target: { value: email } })
    fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } })
    fireEvent.click(screen.getByText('Log in'))
  }

  beforeEach(async () => {
    ;({ server } = await openPage('/'))
    await open()
  })

  afterEach(() => app.queryClient.clear())

  it('logs in, shows the user and the notes, and goes on after a reload without a login form', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    await open()
    const pages = recordPage()
    await screen.findByText(noteOf(ada), { exact: false })
    expect(pages.join()).not.toContain('Log in')
    expect(server.received('POST /api/auth/login')).toHaveLength(1)
  })

  it('says so where the password is wrong', async () => {
    await logIn({ ...ada, password: 'wrong' })
    await screen.findByRole('alert')
    expect(app.authClient.getState().status).toBe('signed-out')
  })

  it('keeps no password once somebody is signed in', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    await waitFor(() => {
      const mutations = app.queryClient.getMutationCache().getAll()
      expect(JSON.stringify(mutations.map(({ state }) => state))).not.toContain(ada.password)
    })
  })

  it('logs out: at once nothing of the user is on the page, then the login page is there and the token is dead', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    onGo.mockClear()
    fireEvent.click(screen.getByText('Log out'))
    await waitFor(() => expect(app.authClient.getState().status).toBe('signed-out'))
    expect(document.body.textContent).not.toContain('ada@')
    await screen.findByText('Log in')
    await waitFor(() => expect(onGo).toHaveBeenCalledWith('/login'))
    await waitFor(() => expect(server.sessions.size).toBe(0))
    expect(server.received(logout)).toHaveLength(1)
    const kept = app.queryClient.getQueryCache().getAll()
    expect(JSON.stringify(kept.map(({ state }) => state))).not.toContain('ada@')
    expect(localStorage.getItem('token')).toBeNull()
  })

  it('shows the next user nothing of the one before, also while the answer is on its way', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    fireEvent.click(screen.getByText('Log out'))
    await screen.findByText('Log in')
    const pages = recordPage()
    await logIn(bob)
    await screen.findByText(noteOf(bob), { exact: false })
    expect(pages.join()).not.toContain('ada@')
  })

  it('goes to the login page where the API refuses the token, and sends no logout', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    const token = app.authClient.getState().token ?? ''
    server.sessions.delete(token)
    server.answer('GET /api/notes', answers.status(401))
    await act(() => app.queryClient.invalidateQueries())
    await screen.findByText('Log in')
    expect(document.body.textContent).not.toContain('ada@')
    expect(server.received(logout)).toEqual([])
    // In development, react-admin writes every failure of a data provider to the console.
    const written = vi.mocked(console.error).mock.calls.splice(0)
    expect(written).toEqual(name === 'refine' ? [] : [[ended('rejected')]])
  })

  it('goes to the login page where the session ends by itself, as it does in the other tabs', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    act(() => void app.authClient.logout())
    await screen.findByText('Log in')
    expect(document.body.textContent).not.toContain('ada@')
  })
})
