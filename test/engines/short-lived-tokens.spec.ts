import { expect, type Page } from '@playwright/test'
import {
  addNote,
  allowFailedRequests,
  bearer,
  expectSignedIn,
  expectSignInForm,
  logOut,
  newPerson,
  openTab,
  readStorage,
  readTokens,
  refreshStatus,
  register,
  test,
  type TokenPair,
} from './notebook.ts'

const inspector = (page: Page) => page.getByRole('region', { name: 'Inspector' })

/** The refresh requests of a tab, from now on. */
function watchRefreshes(page: Page): string[] {
  const refreshes: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/auth/refresh') refreshes.push(request.method())
  })
  return refreshes
}

/** The token is still good then, but no longer for half of its life. */
const fortySeconds = 40_000

test('refreshes with the next request or when somebody comes back, and says so in the inspector', async ({
  page,
}) => {
  await page.clock.install()
  const refreshes = watchRefreshes(page)
  await register(page, newPerson('Grace', 'Hopper'))
  const before = await readTokens(page)
  await expect(inspector(page)).toContainText(/access token, \d+ s left/)
  await expect(inspector(page)).toContainText('0 refreshes here, 0 elsewhere')

  await page.clock.fastForward(fortySeconds)
  await expect(inspector(page)).toContainText(/access token, ((1?\d|20) s left|expired)/)
  expect(refreshes).toEqual([])
  await addNote(page, 'Buy ink.')
  await expect(inspector(page)).toContainText('1 refresh here, 0 elsewhere')
  await expect(inspector(page)).toContainText(/access token, [3-6]\d s left/)
  expect(refreshes).toEqual(['POST'])
  const after = await readTokens(page)
  expect(new Set([before.token, before.refreshToken, after.token, after.refreshToken]).size).toBe(4)

  await page.clock.fastForward(fortySeconds)
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await expect(inspector(page)).toContainText('2 refreshes here, 0 elsewhere')
  expect(refreshes).toEqual(['POST', 'POST'])

  await page.reload()
  await expect(page.getByText('Buy ink.')).toBeVisible()
  await expect(inspector(page)).toContainText('0 refreshes here, 0 elsewhere')
})

test('takes over in a second tab what the first has refreshed, without a request of its own', async ({
  page,
}) => {
  await page.clock.install()
  const person = newPerson('Grace', 'Hopper')
  await register(page, person)
  const tab = await openTab(page)
  await expectSignedIn(tab, person)
  const refreshes = watchRefreshes(tab)

  await page.clock.fastForward(fortySeconds)
  await addNote(page, 'Buy ink.')
  await expect(inspector(page)).toContainText('1 refresh here, 0 elsewhere')
  await expect(inspector(tab)).toContainText('0 refreshes here, 1 elsewhere')
  const { token } = await readTokens(page)
  const sent = tab.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/api/notes'),
  )
  await addNote(tab, 'Buy paper.')
  expect((await sent).headers()).toMatchObject({ authorization: `Bearer ${token}` })
  expect(refreshes).toEqual([])
})

test('leaves no token alive where a logout meets a refresh that the server has answered already', async ({
  page,
  request,
  watch,
}) => {
  await page.clock.install()
  await register(page, newPerson('Grace', 'Hopper'))
  const before = await readTokens(page)
  const late: TokenPair[] = []
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/api/auth/refresh', async (route) => {
    const response = await route.fetch()
    late.push((await response.json()) as TokenPair)
    await released
    await route.fulfill({ response })
  })
  await page.clock.fastForward(fortySeconds)
  await page.getByLabel('New note').fill('Never written.')
  await page.getByRole('button', { name: 'Add note' }).click()
  await expect.poll(() => late.length).toBe(1)

  await logOut(page)
  await expectSignInForm(page)
  expect(await readStorage(page)).toEqual({})
  const answered = page.waitForResponse('**/api/auth/refresh')
  release()
  await answered
  await expect(page.getByText('token revoked')).toBeVisible()
  await expect(inspector(page)).toContainText('0 Nothing is left.')
  expect(await readStorage(page)).toEqual({})
  await expectSignInForm(page)
  for (const { token, refreshToken } of [before, ...late]) {
    expect((await request.get('/api/auth/user', bearer(token))).status()).toBe(401)
    expect(await refreshStatus(request, refreshToken)).toBe(401)
  }
  allowFailedRequests(watch)
})
