import { type Browser, expect, type Page, test } from '@playwright/test'
import { answers } from '../support/openApiServer.ts'
import type { Front } from './openFront.ts'

export interface Framework {
  name: string
  /** Builds the app and starts its server. */
  open: () => Promise<Front>
  /** What the server asks the API for while it renders the page. */
  asks: '/api/notes' | '/api/announcements'
  /** Whether it leaves the document when a session ends. */
  isLeft?: boolean
}

/** A page, what goes wrong in it, and what it has shown since it was loaded: its text at every change of it. */
export interface WatchedPage {
  page: Page
  faults: string[]
  seen: () => Promise<string[]>
  /** Forgets what it has shown so far. */
  lookAgain: () => Promise<void>
}

export const ada = 'ada@example.com'
export const bob = 'bob@example.com'
export const noteOf = (email: string): string => `private note of ${email}`

/** While a page is left, it can be asked nothing. */
export const waitUntil = (check: () => Promise<void>): Promise<void> =>
  expect(check).toPass({ timeout: 120_000 })

const openPage = async (context: { newPage: () => Promise<Page> }): Promise<WatchedPage> => {
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => seen.push(document.body?.innerText ?? '')).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
    })
  })
  return {
    page,
    faults,
    seen: () => page.evaluate(() => Reflect.get(window, 'seen') as string[]),
    lookAgain: () => page.evaluate(() => void (Reflect.get(window, 'seen') as string[]).splice(0)),
  }
}

export const logIn = async (page: Page, email: string): Promise<void> => {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('secret')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('main')).toContainText(noteOf(email))
}

/** Somebody who has logged in, in a browser of their own. */
export const signIn = async (browser: Browser, front: Front, email: string): Promise<WatchedPage> => {
  const watched = await openPage(await browser.newContext())
  await watched.page.goto(front.origin)
  await logIn(watched.page, email)
  return watched
}

/** All that a script could find in the page: the document with what is typed, storages, cookies, history and globals. */
export const readAll = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const globals = Object.keys(window).map((name) => {
      if (name === 'seen') return ''
      try {
        return `${name}: ${JSON.stringify(Reflect.get(window, name))}`
      } catch {
        return name
      }
    })
    const fields = Array.from(document.querySelectorAll('input'), ({ value }) => value)
    const stored = [{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]
    return [document.documentElement.outerHTML, JSON.stringify(stored), ...fields, ...globals].join('\n')
  })

/** What the browser itself writes of each refused request. */
const isRefusal = (fault: string) => /Failed to load resource.*401/.test(fault)

/** What has to hold in each framework. */
export const describeFramework = (
  { name, open, asks, isLeft }: Framework,
  more?: (front: () => Front) => void,
): void => {
  let front: Front

  const logOut = async (page: Page): Promise<void> => {
    await page.evaluate(() => Object.assign(window, { isOld: true }))
    await page.getByRole('button', { name: 'Log out' }).click()
    if (isLeft) await page.waitForFunction(() => !('isOld' in window))
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
  }

  const expectNothingOf = (email: string, page: Page): Promise<void> =>
    waitUntil(async () => expect(await readAll(page)).not.toContain(email))

  /** Holds what the API answers to the question of `asks`. The answer is that of the moment when it was asked. */
  const hold = () => {
    const held: (() => void)[] = []
    let isOpen = false
    front.api.answer(`GET ${asks}`, (response, request) => {
      const user = front.api.sessions.get(request.token ?? '')
      const answer = asks === '/api/announcements' ? ['public news'] : user && [noteOf(user.email)]
      const send = () => (answer ? answers.json(answer) : answers.status(401))(response, request)
      if (isOpen) send()
      else held.push(send)
    })
    return {
      held,
      release: () => {
        isOpen = true
        for (const send of held.splice(0)) send()
      },
    }
  }

  test.describe(name, () => {
    test.beforeAll(async () => {
      front = await open()
    })

    test.afterAll(() => front?.close())

    test.beforeEach(() => front.renew())

    test.afterEach(async ({ browser }) => {
      await Promise.all(browser.contexts().map((context) => context.close()))
    })

    test('a visitor is hydrated without a mismatch, logs in, and stays logged in', async ({ browser }) => {
      const { page, faults, seen } = await signIn(browser, front, ada)
      await page.reload()
      await expect(page.getByRole('main')).toContainText(noteOf(ada))
      expect(await seen()).not.toEqual([])
      expect(faults).toEqual([])
    })

    test('who comes back sees no login form, and is hydrated without a mismatch', async ({ browser }) => {
      const { page, faults, seen } = await signIn(browser, front, ada)
      const response = await page.context().request.get(front.origin, { maxRedirects: 0 })
      expect(response.status()).toBe(200)
      expect(await response.text()).not.toContain('Log in')
      await page.reload()
      await expect(page.getByRole('main')).toContainText(noteOf(ada))
      const shown = await seen()
      expect(shown.filter((text) => text.includes('Loading'))).not.toEqual([])
      expect(shown.filter((text) => text.includes('Log in'))).toEqual([])
      expect(faults).toEqual([])
    })

    test('two users at once are each given their own, whoever is answered first', async ({ browser }) => {
      const pages = [await signIn(browser, front, ada), await signIn(browser, front, bob)]
      const { held } = hold()
      const asked = pages.map(({ page }) => page.context().request.get(front.origin))
      await expect.poll(() => held.length).toBe(2)
      held.pop()?.()
      await Promise.race(asked)
      held.pop()?.()
      const [adas = '', bobs = ''] = await Promise.all(asked.map(async (response) => (await response).text()))
      if (asks === '/api/notes') {
        expect(adas).toContain(noteOf(ada))
        expect(bobs).toContain(noteOf(bob))
      }
      expect(adas).not.toContain(bob)
      expect(bobs).not.toContain(ada)
      for (const html of [adas, bobs]) expect(html).not.toMatch(/token-\d/)
    })

    test('after a logout nothing is left in the page, and the next user sees nothing of the one before', async ({
      browser,
    }) => {
      const { page, faults, seen, lookAgain } = await signIn(browser, front, ada)
      await page.reload()
      await expect(page.getByRole('main')).toContainText(noteOf(ada))
      await logOut(page)
      await expect.poll(() => front.api.sessions.size).toBe(0)
      await expectNothingOf(ada, page)
      await lookAgain()
      await logIn(page, bob)
      expect((await seen()).filter((text) => text.includes(ada))).toEqual([])
      await expectNothingOf(ada, page)
      await page.reload()
      await expect(page.getByRole('main')).toContainText(noteOf(bob))
      expect((await seen()).filter((text) => text.includes(ada))).toEqual([])
      expect(faults.filter((fault) => !isRefusal(fault))).toEqual([])
    })

    test('a logout in one tab while another is still being sent leaves nothing in either', async ({
      browser,
    }) => {
      const { page } = await signIn(browser, front, ada)
      const other = await openPage(page.context())
      const { held, release } = hold()
      const opened = other.page.goto(front.origin).catch(() => {})
      await expect.poll(() => held.length).toBeGreaterThan(0)
      await logOut(page)
      await expect.poll(() => front.api.sessions.size).toBe(0)
      release()
      await opened
      await expect(other.page.getByRole('button', { name: 'Log in' })).toBeVisible()
      for (const tab of [page, other.page]) await expectNothingOf(ada, tab)
      expect(other.faults.filter((fault) => !isRefusal(fault))).toEqual([])
    })

    test('another user who logs in in one tab while another is still being sent is the one that both show', async ({
      browser,
    }) => {
      const { page } = await signIn(browser, front, ada)
      const other = await openPage(page.context())
      const { held, release } = hold()
      const opened = other.page.goto(front.origin).catch(() => {})
      await expect.poll(() => held.length).toBeGreaterThan(0)
      await logOut(page)
      const waiting = held.splice(0)
      release()
      await logIn(page, bob)
      for (const send of waiting) send()
      await opened
      await expect(other.page.getByRole('main')).toContainText(noteOf(bob))
      expect((await other.seen()).filter((text) => text.includes(noteOf(ada)))).toEqual([])
      for (const tab of [page, other.page]) await expectNothingOf(ada, tab)
      expect(other.faults.filter((fault) => !isRefusal(fault))).toEqual([])
    })

    more?.(() => front)
  })
}
