import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import type { ComponentType } from 'react'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Gateway, openGateway } from '../backends/openGateway.ts'
import { preparePython } from '../backends/preparePython.ts'
import { recordPage, visit } from '../support/page.ts'
import { openTemplateApi } from './openTemplateApi.ts'
import { readMove } from './readMove.ts'

const startFastApi = preparePython('fastapi, uvicorn, multipart, jwt')
if (!startFastApi)
  console.warn('FastAPI is not installed: its template moves on a server that answers the same.')

const load = {
  before: (): Promise<{ App: ComponentType }> => import('./fastapi-template/before/App.tsx'),
  after: (): Promise<{ App: ComponentType }> => import('./fastapi-template/after/App.tsx'),
}
const sides = ['before', 'after'] as const
type Side = (typeof sides)[number]

const backEnds = [
  { name: 'FastAPI', start: startFastApi && (() => startFastApi('fastapi_server.py')) },
  { name: 'a server that answers the same', start: openTemplateApi },
]

const noteOf = (name: string) => `private note of ${name}@example.com`

/** Loads the page: every module anew, so that nothing but the browser's storage is left of the page before. */
const open = async (side: Side) => {
  cleanup()
  vi.resetModules()
  const { App } = await load[side]()
  render(<App />)
}

const logIn = async (name: string, password = 'Secret123') => {
  fireEvent.change(await screen.findByLabelText('E-mail'), { target: { value: `${name}@example.com` } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } })
  fireEvent.click(screen.getByText('Log in'))
}

const logOut = async () => {
  fireEvent.click(await screen.findByText('Log out'))
  await screen.findByText('Log in')
}

afterEach(cleanup)

describe('an app of the shape of FastAPI’s template', () => {
  const move = () => readMove('fastapi-template', 'From FastAPI’s full-stack template')

  it('moves by the diff that the guide shows', async () => {
    const { lines, shown } = await move()
    expect(shown).toEqual(lines)
  })

  it('changes at most 30 lines, removed and added, as many as the guide says', async () => {
    const { section, removed, added } = await move()
    expect(section).toContain(`${removed + added} lines: ${removed} removed, ${added} added`)
    expect(removed + added).toBeLessThanOrEqual(30)
  })
})

describe.each(backEnds)('an app of the shape of FastAPI’s template, on $name', ({ start: startApi }) => {
  /** Serves pages and API from one origin, and makes the page of the test one of its. */
  const start = async (): Promise<Gateway> => {
    const server = await startApi?.()
    if (!server) throw new Error('Without it, the tests are left out')
    const gateway = await openGateway(server.origin)
    onTestFinished(async () => {
      cleanup()
      await gateway.close()
      await server.close()
    })
    visit(`${gateway.origin}/`)
    return gateway
  }

  const tokensSent = ({ requests }: Gateway) =>
    new Set(requests.map(({ headers }) => headers.authorization).filter((sent) => sent !== undefined))

  describe.skipIf(!startApi)('where it is installed', () => {
    it.each(sides)('%s, logs in, shows the notes, survives a reload, logs out', async (side) => {
      const gateway = await start()
      await open(side)
      await logIn('ada')
      await screen.findByText(noteOf('ada'))
      await screen.findByText('ada@example.com')

      await open(side)
      const pages = recordPage()
      await screen.findByText(noteOf('ada'))
      expect(pages.join()).not.toContain('Log in')
      expect(tokensSent(gateway).size).toBe(1)

      await logOut()
      expect(localStorage.getItem('access_token')).toBeNull()
      await open(side)
      await screen.findByText('Log in')
      expect(document.body.textContent).not.toContain(noteOf('ada'))
    })

    it.each(sides)('%s, says so where the password is wrong', async (side) => {
      await start()
      await open(side)
      await logIn('ada', 'wrong')
      expect((await screen.findByRole('alert')).textContent).toBe('E-mail or password is wrong')
    })

    const passOn = async (side: Side) => {
      const gateway = await start()
      await open(side)
      await logIn('ada')
      await screen.findByText(noteOf('ada'))
      await logOut()
      const held = gateway.hold('GET /api/v1/notes/')
      const pages = recordPage()
      await logIn('bob')
      await held.answered
      await screen.findByText('Log out')
      const meanwhile = document.body.textContent
      held.release()
      await screen.findByText(noteOf('bob'))
      return { meanwhile, pages: pages.join() }
    }

    it('before, shows the next user the notes of the one before', async () => {
      const { meanwhile } = await passOn('before')
      expect(meanwhile).toContain(noteOf('ada'))
    })

    it('after, shows the next user nothing of the one before', async () => {
      const { meanwhile, pages } = await passOn('after')
      expect(meanwhile).toContain('Loading notes')
      expect(pages).not.toContain(noteOf('ada'))
      expect(pages).not.toContain('ada@example.com')
    })

    it('after, goes on with a session that was stored before', async () => {
      const gateway = await start()
      await open('before')
      await logIn('ada')
      await screen.findByText(noteOf('ada'))
      const token = localStorage.getItem('access_token')

      await open('after')
      await screen.findByText(noteOf('ada'))
      expect(localStorage.getItem('access_token')).toBe(token)
      expect(tokensSent(gateway)).toEqual(new Set([`Bearer ${token}`]))
      await logOut()
      expect(localStorage).toHaveLength(0)
    })

    it('after, goes to the login where the API refuses the token', async () => {
      const gateway = await start()
      await open('after')
      await logIn('ada')
      await screen.findByText(noteOf('ada'))
      await fetch(`${gateway.origin}/testing/end`, { method: 'POST' })
      fireEvent.click(screen.getByText('Admin'))
      await screen.findByText('Log in')
      expect(document.body.textContent).not.toContain(noteOf('ada'))
      expect(localStorage).toHaveLength(0)
    })

    it('after, goes on where a right is missing, by the same status', async () => {
      await start()
      await open('after')
      await logIn('ada')
      await screen.findByText(noteOf('ada'))
      fireEvent.click(screen.getByText('Admin'))
      expect((await screen.findByRole('alert')).textContent).toBe('Only for admins')
      expect(screen.getByText(noteOf('ada'))).toBeDefined()
      await waitFor(() => expect(localStorage.getItem('access_token')).not.toBeNull())
    })

    it('after, aborts what is on its way at a logout', async () => {
      const gateway = await start()
      await open('after')
      await logIn('ada')
      await screen.findByText(noteOf('ada'))
      const held = gateway.hold('GET /api/v1/users/')
      fireEvent.click(screen.getByText('Admin'))
      await held.answered
      await logOut()
      await held.closed
      held.release()
      expect(localStorage).toHaveLength(0)
    })
  })
})
