import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
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
import { ended, hang } from '../support/requests.ts'

const folder = import.meta.dirname

interface Loaded {
  App: ComponentType
  /** The path that the framework has navigated to. */
  where: () => string
  authClient: AuthClient
  queryClient: QueryClient
}

/** By a path that the compiler does not follow: it checks these files where the packages are installed. */
const load = async (name: string) => (await import(/* @vite-ignore */ join(folder, name))) as Loaded

interface Framework {
  name: string
  /** Of its recipe. */
  page: string
  files: string[]
  /** What it calls the name that one logs in by, and the button below. */
  words: { email: string; logIn: string }
  /** Clicks until it logs out. */
  logOut: () => Promise<void>
}

const click = async (text: string) => void fireEvent.click(await screen.findByText(text))

const frameworks: Framework[] = [
  {
    name: 'refine',
    page: 'refine',
    files: ['refineClient.ts', 'refineAuthProvider.ts'],
    words: { email: 'E-mail', logIn: 'Log in' },
    logOut: () => click('Log out'),
  },
  {
    name: 'reactAdmin',
    page: 'react-admin',
    files: ['reactAdminClient.ts', 'reactAdminAuthProvider.ts', 'SessionAdmin.tsx'],
    words: { email: 'Username', logIn: 'Sign in' },
    logOut: async () => {
      fireEvent.click(await screen.findByLabelText('Profile'))
      await click('Logout')
    },
  },
]

const logout = 'POST /api/auth/logout'
const noteOf = ({ email }: Credentials) => `private note of ${email}`

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
    for (const file of files) {
      const code = await readFile(join(folder, file), 'utf8')
      expect(recipe).toContain(`\`\`\`${extname(file).slice(1)} no-compile\n${code}\`\`\``)
      expect(code.split('\n').filter((line) => /^(?!import ).*\S/.test(line)).length).toBeLessThanOrEqual(15)
    }
  })
})

// They ask for TanStack Query 5.81 and newer.
describe.skipIf(isQueryBefore(83)).each(frameworks)('an app on $page', ({ name, words, logOut }) => {
  let server: ApiServer
  let app: Loaded

  /** Loads the page: every module anew, so that nothing but the browser's storage is left of the page before. */
  const open = async () => {
    cleanup()
    vi.resetModules()
    const { App, where } = await load(`${name}App.tsx`)
    app = { ...(await load(`${name}Client.ts`)), App, where }
    render(<App />)
  }

  const logIn = async ({ email, password }: Credentials) => {
    const field = { exact: false, selector: 'input' }
    fireEvent.change(await screen.findByLabelText(words.email, field), { target: { value: email } })
    fireEvent.change(screen.getByLabelText('Password', field), { target: { value: password } })
    fireEvent.click(screen.getByText(words.logIn))
  }

  const readCache = (): string =>
    JSON.stringify(
      app.queryClient
        .getQueryCache()
        .getAll()
        .map(({ queryKey, state }) => [queryKey, state]),
    )

  /** In development, react-admin writes every failure of a data provider to the console. */
  const expectWritten = (reason: string): void => {
    const written = vi.mocked(console.error).mock.calls.splice(0)
    expect(written).toEqual(name === 'refine' ? [] : [[ended(reason)]])
  }

  beforeEach(async () => {
    ;({ server } = await openPage('/'))
    await open()
  })

  afterEach(() => app.queryClient.clear())

  it('logs in, shows the user and the notes, and goes on after a reload without a login form', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    await waitFor(() => expect(document.body.textContent).toMatch(/(?<!note of )ada@example\.com/))
    await open()
    const pages = recordPage()
    await screen.findByText(noteOf(ada), { exact: false })
    expect(pages.join()).not.toContain(words.logIn)
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
    await logOut()
    await waitFor(() => expect(app.authClient.getState().status).toBe('signed-out'))
    expect(document.body.textContent).not.toContain('ada@')
    await screen.findByText(words.logIn)
    await waitFor(() => expect(app.where()).toBe('/login'))
    await waitFor(() => expect(server.sessions.size).toBe(0))
    expect(server.received(logout)).toHaveLength(1)
    expect(readCache()).not.toContain('ada@')
    expect(localStorage).toHaveLength(0)
  })

  it('logs out while the rows are on their way: the request ends, and nothing of it arrives', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    const { arrived, closed } = hang(server, 'GET /api/notes', `["${noteOf(ada)}`)
    act(() => void app.queryClient.invalidateQueries())
    await arrived
    await logOut()
    await closed
    await screen.findByText(words.logIn)
    expect(document.body.textContent).not.toContain('ada@')
    expect(readCache()).not.toContain('ada@')
    expectWritten('logout')
  })

  it('shows the next user nothing of the one before, also while the answer is on its way', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    await logOut()
    await screen.findByText(words.logIn)
    const pages = recordPage()
    await logIn(bob)
    await screen.findByText(noteOf(bob), { exact: false })
    expect(pages.join()).not.toContain('ada@')
  })

  // refine sends at once.
  it.skipIf(name === 'refine')(
    'sends nothing as the next user that the one before could still undo',
    async () => {
      await logIn(ada)
      await screen.findByText(noteOf(ada), { exact: false })
      const [, row] = await screen.findAllByRole('checkbox')
      fireEvent.click(row as HTMLElement)
      await click('Delete')
      await screen.findByText('Undo')
      const session = server.issue(bob.email)
      act(() => app.authClient.setSession(session))
      await screen.findByText(noteOf(bob), { exact: false })
      // What offers that sends, once it has gone by itself.
      expect(screen.queryByText('Undo')).toBeNull()
      expect(server.requests.filter(({ method }) => method === 'DELETE')).toEqual([])
      // The rows may have been on their way.
      const written = vi.mocked(console.error).mock.calls.splice(0)
      expect(written).toEqual(written.map(() => [ended('replaced')]))
    },
  )

  it('goes to the login page where the API refuses the token, and sends no logout', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    const token = app.authClient.getState().token ?? ''
    server.sessions.delete(token)
    server.answer('GET /api/notes', answers.status(401))
    await act(() => app.queryClient.invalidateQueries())
    await screen.findByText(words.logIn)
    expect(document.body.textContent).not.toContain('ada@')
    expect(server.received(logout)).toEqual([])
    expectWritten('rejected')
  })

  it('goes to the login page where the session ends by itself, as it does in the other tabs', async () => {
    await logIn(ada)
    await screen.findByText(noteOf(ada), { exact: false })
    act(() => void app.authClient.logout())
    await screen.findByText(words.logIn)
    expect(document.body.textContent).not.toContain('ada@')
  })
})
