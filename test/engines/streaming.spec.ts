import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { type ApiServer, answers, deferred } from '../support/openApiServer.ts'
import { buildStreamingPage, openStreamingSite } from './streamingSite.ts'

let site: ApiServer

test.describe.configure({ mode: 'serial' })

test.beforeAll(() => buildStreamingPage())

test.beforeEach(async () => {
  site = await openStreamingSite()
})

test.afterEach(() => site.close())

const issue = (email: string) => site.issue(email).token

const ask = (token?: string) =>
  fetch(`${site.origin}/`, { headers: token ? { Cookie: `token=${encodeURIComponent(token)}` } : {} })

/** Opens the page, and notes each thing that it showed and each that went wrong. */
const open = async (page: Page, token?: string) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  if (token)
    await page.context().addCookies([{ name: 'token', value: encodeURIComponent(token), url: site.origin }])
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => seen.push(document.body?.innerText ?? '')).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
    })
  })
  await page.goto(site.origin)
  const seen = () => page.evaluate(() => Reflect.get(window, 'seen') as string[])
  return { faults, seen }
}

const waitFor = (condition: () => boolean) => expect.poll(condition).toBe(true)

test('the recipe is the code that runs here', async () => {
  const recipe = await readFile(new URL('../../docs/recipes/server-rendering.md', import.meta.url), 'utf8')
  for (const name of ['App.tsx', 'cookieStorage.ts', 'entryServer.tsx', 'entryClient.tsx']) {
    expect(recipe).toContain(await readFile(new URL(`streaming/${name}`, import.meta.url), 'utf8'))
  }
})

test('a page is on its way before what it waits for', async () => {
  const released = deferred()
  site.answer('GET /api/announcements', async (response, request) => {
    await released.promise
    answers.json(['late news'])(response, request)
  })
  const response = await ask()
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let html = ''
  while (!html.includes('Loading notes')) html += (await reader?.read())?.value
  expect(html).toContain('Loading news')
  expect(html).not.toContain('late news')

  released.resolve()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) html += part.value
  expect(html).toContain('late news')
  expect(html).not.toContain('Log in')
})

test('two users at once are each given their own, whoever is answered first', async () => {
  const held = new Map<string, () => void>()
  site.answer('GET /api/notes', (response, request) => {
    const email = site.sessions.get(request.token ?? '')?.email ?? ''
    held.set(email, () => answers.json([`private note of ${email}`])(response, request))
  })
  const tokens = { ada: issue('ada@example.com'), bob: issue('bob@example.com') }
  const pages = { ada: ask(tokens.ada), bob: ask(tokens.bob) }
  await waitFor(() => held.size === 2)
  held.get('bob@example.com')?.()
  const bob = await (await pages.bob).text()
  held.get('ada@example.com')?.()
  const ada = await (await pages.ada).text()

  expect(ada).toContain('private note of ada@example.com')
  expect(bob).toContain('private note of bob@example.com')
  expect(ada).not.toContain('bob')
  expect(bob).not.toContain('ada')
  expect((await pages.ada).headers.get('cache-control')).toBe('no-store')
  for (const html of [ada, bob]) expect(html).not.toMatch(/token-\d/)
})

test('who comes back is hydrated without a mismatch, a login form, or a request of the browser', async ({
  page,
}) => {
  const { faults, seen } = await open(page, issue('ada@example.com'))
  await expect(page.getByRole('main')).toContainText('private note of ada@example.com')
  expect((await seen()).filter((text) => text.includes('Log in'))).toEqual([])
  expect(site.requests.map(({ path }) => path).sort()).toEqual([
    '/api/announcements',
    '/api/auth/user',
    '/api/notes',
  ])
  expect(faults).toEqual([])
})

test('a visitor, and who has a dead token, is hydrated without a mismatch and can log in', async ({
  page,
}) => {
  const { faults } = await open(page, 'dead')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').fill('secret')
  await page.getByText('Log in').click()
  await expect(page.getByRole('main')).toContainText('private note of ada@example.com')
  await page.reload()
  await expect(page.getByRole('main')).toContainText('private note of ada@example.com')
  // The browser itself tells of each 401.
  expect(faults.filter((fault) => !fault.includes('401'))).toEqual([])
})

test('after a logout nothing is left in page, cookie or the next answer', async ({ page }) => {
  const { faults } = await open(page, issue('ada@example.com'))
  await page.getByText('Log out').click()
  await expect(page.getByText('Log in')).toBeVisible()
  expect(await page.content()).not.toContain('ada@')
  expect(await page.context().cookies()).toEqual([])
  await waitFor(() => site.sessions.size === 0)
  await page.reload()
  await expect(page.getByText('Log in')).toBeVisible()
  expect(await page.content()).not.toContain('ada@')
  expect(faults).toEqual([])
})
