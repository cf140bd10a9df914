import { randomUUID } from 'node:crypto'
import { type APIRequestContext, test as base, expect, type Page } from '@playwright/test'

export interface Person {
  firstName: string
  lastName: string
  email: string
  password: string
}

/** Somebody whom the API does not know yet. */
export function newPerson(firstName: string, lastName: string): Person {
  return { firstName, lastName, email: `${randomUUID()}@example.com`, password: `remember-${randomUUID()}` }
}

export interface Watch {
  /** What the pages of a test write on their consoles and throw. A test that expects some takes it out. */
  console: string[]
  /** The logout requests of all tabs. */
  logouts: string[]
}

/**
 * Runs in a page: the ten seconds after which the example gives up on its API never pass. A test may hold a request
 * back for as long as its machine takes; one that is about those seconds has a clock of its own (`page.clock`).
 */
function neverGiveUp(): void {
  const { setTimeout } = window
  Object.assign(window, {
    setTimeout: (...call: [handler: () => void, delay?: number]) => {
      const [, delay = 0] = call
      return delay > 9000 && delay <= 10_000 ? 0 : setTimeout(...call)
    },
  })
}

/** Playwright's test, with all tabs watched. Fails where something unexpected is on a console. */
export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ context }, use) => {
      const watch: Watch = { console: [], logouts: [] }
      await context.addInitScript(neverGiveUp)
      context.on('console', (message) => watch.console.push(message.text()))
      context.on('weberror', (error) => watch.console.push(String(error.error())))
      context.on('request', (request) => {
        if (new URL(request.url()).pathname === '/api/auth/logout') watch.logouts.push(request.method())
      })
      await use(watch)
      expect(watch.console, 'unexpected console output').toEqual([])
    },
    { auto: true },
  ],
})

/** Takes out what Chromium writes on the console for each answer that is no success. */
export function allowFailedRequests(watch: Watch): void {
  const lines = watch.console.splice(0)
  expect(lines).toEqual(lines.map(() => expect.stringContaining('Failed to load resource')))
}

export async function register(page: Page, person: Person): Promise<void> {
  await page.goto('/')
  await fillInRegistration(page, person)
  await expectSignedIn(page, person)
}

/** Has a page that shows the sign-in form register somebody. */
export async function fillInRegistration(
  page: Page,
  { firstName, lastName, email, password }: Person,
): Promise<void> {
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByLabel('First name').fill(firstName)
  await page.getByLabel('Last name').fill(lastName)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

/** Fills in the sign-in form of a page that shows it. */
export async function logIn(
  page: Page,
  { email, password }: Pick<Person, 'email' | 'password'>,
): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

export async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Log out' }).click()
}

/** Adds a note and waits until the server has it. */
export async function addNote(page: Page, text: string): Promise<void> {
  await page.getByLabel('New note').fill(text)
  await page.getByRole('button', { name: 'Add note' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: text })).toHaveAttribute('aria-busy', 'false')
}

/** Holds requests back. Returns a function that lets them, and all later ones, go. */
export async function hold(page: Page, url: string | RegExp): Promise<() => void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route(url, async (route) => {
    await released
    await route.continue()
  })
  return release
}

export async function openTab(page: Page): Promise<Page> {
  const tab = await page.context().newPage()
  await tab.goto('/')
  return tab
}

export async function expectSignedIn(
  page: Page,
  { firstName, lastName }: Pick<Person, 'firstName' | 'lastName'>,
): Promise<void> {
  await expect(page.getByRole('banner')).toContainText(`${firstName} ${lastName}`)
  await expect(page.getByRole('heading', { name: 'Notes' })).toBeVisible()
}

export async function expectSignInForm(page: Page): Promise<void> {
  await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Log out' })).toHaveCount(0)
}

/** All that the tab keeps in its storages. */
export function readStorage(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => ({ ...localStorage, ...sessionStorage }))
}

/** What the API has handed out for a session. */
export interface TokenPair {
  token: string
  refreshToken: string
}

/** The tokens that the tab keeps. */
export async function readTokens(page: Page): Promise<TokenPair> {
  const stored = await readStorage(page)
  const { token, refreshToken } = JSON.parse(stored['token'] ?? '{}') as Partial<TokenPair>
  expect([token, refreshToken]).toEqual([expect.stringMatching(/^\S+$/), expect.stringMatching(/^\S+$/)])
  return { token: token ?? '', refreshToken: refreshToken ?? '' }
}

/**
 * Which status the API answers a refresh with: 200 while the session lives, 401 once it has ended. Unlike an access
 * token, a refresh token is not dead merely because the machine was slow. Uses it up.
 */
export async function refreshStatus(request: APIRequestContext, refreshToken: string): Promise<number> {
  return (await request.post('/api/auth/refresh', { data: { refreshToken } })).status()
}

/** Ends a session without its tabs, however old its access token is by now. */
export async function endSession(request: APIRequestContext, { refreshToken }: TokenPair): Promise<void> {
  const answer = await request.post('/api/auth/refresh', { data: { refreshToken } })
  const { token }: TokenPair = await answer.json()
  expect((await request.post('/api/auth/logout', bearer(token))).status()).toBe(200)
}

/** The document as it is, with what is typed in its fields. */
export function readDocument(page: Page): Promise<string> {
  return page.evaluate(() => {
    const fields = Array.from(document.querySelectorAll('input'), ({ value }) => value)
    return [document.documentElement.outerHTML, ...fields].join('\n')
  })
}

/** Bearer authentication for a request outside of the pages. */
export function bearer(token: string): { headers: { Authorization: string } } {
  return { headers: { Authorization: `Bearer ${token}` } }
}
