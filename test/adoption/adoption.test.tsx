import { request } from 'node:http'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import type { ComponentType } from 'react'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type ApiServer, answers, deferred, openApiServer } from '../support/apiServer.ts'
import { recordPage, visit } from '../support/page.ts'
import { ada, bob, type Credentials } from '../support/renderApp.tsx'
import { readMove } from './readMove.ts'

type Side = 'before' | 'after'

interface Origin {
  name: string
  /** The heading of its section in the guide. */
  heading: string
  /** Whether a logout of the app as it was tells the server. */
  revokes: boolean
  load: Record<Side, () => Promise<{ App: ComponentType }>>
}

const origins: Origin[] = [
  {
    name: 'hand-written',
    heading: 'From a login of your own',
    revokes: false,
    load: {
      before: () => import('./hand-written/before/App.tsx'),
      after: () => import('./hand-written/after/App.tsx'),
    },
  },
  {
    name: 'react-query-auth',
    heading: 'From react-query-auth',
    revokes: false,
    load: {
      before: () => import('./react-query-auth/before/App.tsx'),
      after: () => import('./react-query-auth/after/App.tsx'),
    },
  },
  {
    name: 'kontenbase',
    heading: 'From the Kontenbase SDK',
    revokes: true,
    load: {
      before: () => import('./kontenbase/before/App.tsx'),
      after: () => import('./kontenbase/after/App.tsx'),
    },
  },
]

/** Serves pages and API from one origin, and makes the page of the test one of its. */
const start = async (): Promise<ApiServer> => {
  const server: ApiServer = await openApiServer((incoming, response) => {
    // Where Kontenbase has its API.
    const path = incoming.url?.replace(/^\/query\/api\/v1\/KEY/, '/api') ?? ''
    const { method = '', headers } = incoming
    const forwarded = request(server.origin + path, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    incoming.pipe(forwarded)
  })
  onTestFinished(server.close)
  visit(`${server.origin}/`)
  return server
}

/** Loads the page: every module anew, so that nothing but the browser's storage is left of the page before. */
const open = async ({ load }: Origin, side: Side) => {
  cleanup()
  vi.resetModules()
  const { App } = await load[side]()
  return render(<App />)
}

const logIn = async ({ email, password }: Credentials): Promise<void> => {
  fireEvent.change(await screen.findByLabelText('E-mail'), { target: { value: email } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } })
  fireEvent.click(screen.getByText('Log in'))
}

const logOut = async (): Promise<void> => {
  fireEvent.click(await screen.findByText('Log out'))
  await screen.findByText('Log in')
}

const noteOf = ({ email }: Credentials) => `private note of ${email}`

afterEach(cleanup)

describe.each(origins)('an app that comes from $name', (origin) => {
  it('moves by the diff that the guide shows', async () => {
    const { lines, shown } = await readMove(origin.name, origin.heading)
    expect(shown).toEqual(lines)
  })

  it('changes at most 20 lines, removed and added, as many as the guide says', async () => {
    const { section, removed, added } = await readMove(origin.name, origin.heading)
    expect(section).toContain(`${removed + added} lines: ${removed} removed, ${added} added`)
    expect(removed + added).toBeLessThanOrEqual(20)
  })

  describe.each(['before', 'after'] as const)('%s', (side) => {
    it('logs in, shows the notes, survives a reload, logs out', async () => {
      const server = await start()
      await open(origin, side)
      await logIn(ada)
      await screen.findByText(noteOf(ada))

      await open(origin, side)
      const pages = recordPage()
      await screen.findByText(noteOf(ada))
      expect(pages.join()).not.toContain('Log in')
      expect(server.received('POST /api/auth/login')).toHaveLength(1)

      await logOut()
      await open(origin, side)
      await screen.findByText('Log in')
      expect(document.body.textContent).not.toContain(noteOf(ada))
    })

    it('says so where the password is wrong', async () => {
      await start()
      await open(origin, side)
      await logIn({ ...ada, password: 'wrong' })
      expect((await screen.findByRole('alert')).textContent).toBe('E-mail or password is wrong')
    })
  })

  const passOn = async (side: Side) => {
    const server = await start()
    await open(origin, side)
    await logIn(ada)
    await screen.findByText(noteOf(ada))
    await logOut()

    const held = deferred<() => void>()
    server.answer('GET /api/notes', (response, received) => {
      const { email = '' } = server.sessions.get(received.token ?? '') ?? {}
      held.resolve(() => answers.json([`private note of ${email}`])(response, received))
    })
    const pages = recordPage()
    await logIn(bob)
    const answer = await held.promise
    await screen.findByText('Log out')
    const meanwhile = document.body.textContent
    answer()
    await screen.findByText(noteOf(bob))
    return { meanwhile, pages, server }
  }

  it('before, shows the next user the notes of the one before, whose token is alive unless the app revokes it', async () => {
    const { meanwhile, server } = await passOn('before')
    expect(meanwhile).toContain(noteOf(ada))
    const alive = [...server.sessions.values()].map(({ email }) => email)
    expect(alive).toEqual(origin.revokes ? [bob.email] : [ada.email, bob.email])
  })

  it('after, shows the next user nothing of the one before, and the token of that one is dead', async () => {
    const { meanwhile, pages, server } = await passOn('after')
    expect(meanwhile).toContain('Loading notes')
    expect(pages.join()).not.toContain(noteOf(ada))
    await waitFor(() => expect([...server.sessions.values()].map(({ email }) => email)).toEqual([bob.email]))
  })

  it('after, goes on with a session that was stored before', async () => {
    const server = await start()
    await open(origin, 'before')
    await logIn(ada)
    await screen.findByText(noteOf(ada))
    const token = localStorage.getItem('token')

    await open(origin, 'after')
    const pages = recordPage()
    await screen.findByText(noteOf(ada))

    expect(pages.join()).not.toContain('Log in')
    expect(localStorage.getItem('token')).toBe(token)
    expect(server.received('POST /api/auth/login')).toHaveLength(1)
    await logOut()
    await waitFor(() => expect(server.sessions.size).toBe(0))
    expect(localStorage.length).toBe(0)
  })
})

describe.each([
  ['before', noteOf(ada)],
  ['after', 'Log in'],
] as const)('a logout of the Kontenbase app that the API does not answer, %s,', (side, text) => {
  it(`leaves a page that shows "${text}" when it is loaded again`, async () => {
    const origin = origins.find(({ name }) => name === 'kontenbase') as Origin
    const server = await start()
    await open(origin, side)
    await logIn(ada)
    await screen.findByText(noteOf(ada))
    server.answer('POST /api/auth/logout', answers.status(503))
    await logOut()
    await open(origin, side)
    await screen.findByText(text)
  })
})
