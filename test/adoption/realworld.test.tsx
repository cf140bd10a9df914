import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { answers } from '../support/openApiServer.ts'
import { visit } from '../support/page.ts'
import { ada, bob, type Credentials } from '../support/renderApp.tsx'
import { openRealWorld, type RealWorld } from './openRealWorld.ts'

const apps = {
  before: () => import('./realworld/before/App.tsx'),
  after: () => import('./realworld/after/App.tsx'),
}

let server: RealWorld

beforeEach(async () => {
  server = await openRealWorld()
  onTestFinished(server.close)
})

afterEach(cleanup)

/** Loads the page: every module anew, so that nothing but the browser's storage is left of the page before. */
const open = async (side: keyof typeof apps) => {
  cleanup()
  visit(`${server.origin}/`)
  vi.resetModules()
  const { App } = await apps[side]()
  render(<App />)
}

const isHidden = (element: Element | null): boolean =>
  element instanceof HTMLElement && (element.style.display === 'none' || isHidden(element.parentElement))

/** What a user sees: React hides what suspends, and leaves it where it stands. */
const readScreen = (): string => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts: string[] = []
  while (walker.nextNode()) {
    const { currentNode } = walker
    if (!isHidden(currentNode.parentElement)) texts.push(currentNode.textContent ?? '')
  }
  return texts.join('')
}

/** All that is on the screen from here on, and all that is in the page, hidden or not. */
const record = () => {
  const screens: string[] = []
  const pages: string[] = []
  const observer = new MutationObserver(() => {
    screens.push(readScreen())
    pages.push(document.body.textContent)
  })
  observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true })
  onTestFinished(() => observer.disconnect())
  return { screens, pages }
}

const articles = 'GET /api/articles'
const showsArticles = (text: string) =>
  waitFor(() => expect(screen.getByLabelText('Articles').textContent).toContain(text))

const logIn = async ({ email, password }: Credentials) => {
  fireEvent.click(await screen.findByText('Sign in'))
  fireEvent.change(screen.getByLabelText('E-mail'), { target: { value: email } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } })
  fireEvent.click(screen.getByText('Log in'))
  await screen.findByText('Log out')
}

const likeOne = async () => {
  const [like] = await screen.findAllByText('like 0')
  if (like) fireEvent.click(like)
  await showsArticles('liked 1')
}

describe.each(['before', 'after'] as const)('a RealWorld front end, %s,', (side) => {
  it('shows a guest the home page, and a user, after a reload too, the articles that they like', async () => {
    await open(side)
    await showsArticles('Article onelike 0')
    await screen.findByText('react tests')
    await logIn(ada)
    await likeOne()

    await open(side)
    const { screens } = record()
    await showsArticles('liked 1')
    await screen.findByText('Log out')
    expect(screens.join()).not.toContain('Sign in')
    expect(server.received('POST /api/users/login')).toHaveLength(1)
    expect(server.asked(articles).at(0)).toBeNull()
    expect(server.asked(articles).at(-1)).toBe(ada.email)
  })

  it('says so where the password is wrong, and goes on as a guest', async () => {
    await open(side)
    fireEvent.click(await screen.findByText('Sign in'))
    fireEvent.change(screen.getByLabelText('E-mail'), { target: { value: ada.email } })
    fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'wrong' } })
    fireEvent.click(screen.getByText('Log in'))
    expect((await screen.findByRole('alert')).textContent).toBe('E-mail or password is wrong')
    await showsArticles('like 0')
  })
})

it('before, shows the next person who looks what the user has liked', async () => {
  await open('before')
  await logIn(ada)
  await likeOne()
  fireEvent.click(screen.getByText('Log out'))
  await screen.findByText('Sign in')
  expect(screen.getByLabelText('Articles').textContent).toContain('liked 1')
  await logIn(bob)
  expect(screen.getByLabelText('Articles').textContent).toContain('liked 1')
})

describe('after', () => {
  it('is the client that the recipe shows', async () => {
    const read = (path: string) => readFile(join(import.meta.dirname, path), 'utf8')
    expect(await read('../../docs/recipes/guests.md')).toContain(await read('realworld/after/api.ts'))
  })

  it('fetches the page anew for a user and for a guest, and shows neither what the other has seen', async () => {
    await open('after')
    await showsArticles('like 0')
    await logIn(ada)
    await likeOne()

    const { screens, pages } = record()
    fireEvent.click(screen.getByText('Log out'))
    // In the click's own commit.
    expect(readScreen()).not.toMatch(/liked|@ada/)
    expect(readScreen()).toContain('react tests')
    await showsArticles('like 1')
    expect(screens.join()).not.toMatch(/liked|@ada|E-mail/)
    expect(pages.join()).not.toContain('liked')
    expect(localStorage.length).toBe(0)

    await logIn(bob)
    await showsArticles('like 1')
    expect(screens.join()).not.toContain('liked')
    expect(server.asked(articles).slice(-3)).toEqual([ada.email, null, bob.email])
    // What belongs to nobody stays.
    expect(server.received('GET /api/tags')).toHaveLength(1)
  })

  it('shows nothing of the user although the API does not answer the guest', async () => {
    await open('after')
    await logIn(ada)
    await likeOne()
    server.answer(articles, answers.never)
    fireEvent.click(screen.getByText('Log out'))
    await screen.findByText('Loading articles …')
    expect(document.body.textContent).not.toContain('liked')
  })

  it('goes on with a session that was stored before', async () => {
    await open('before')
    await logIn(ada)
    const token = localStorage.getItem('jwt')
    await open('after')
    await screen.findByText('@ada')
    expect(localStorage.getItem('jwt')).toBe(token)
    expect(server.received('POST /api/users/login')).toHaveLength(1)
  })
})
