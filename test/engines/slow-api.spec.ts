import { expect, type Locator, type Page } from '@playwright/test'
import { allowFailedRequests, expectSignInForm, hold, logOut, readStorage, test } from './notebook.ts'
import { states, visitAgain } from './states.ts'

/** An alert that says something. Those of forms are there from the beginning. */
const alert = (region: Locator) => region.getByRole('alert').filter({ hasText: /./ })
const notes = (page: Page) => page.getByRole('region', { name: 'Notes' })
const announcements = (page: Page) => page.getByRole('region', { name: 'Announcements' })

test('says that it loads for as long as it does', async ({ page }) => {
  const release = await hold(page, /api\/(notes|announcements)$/)
  await visitAgain(page)
  await expect(notes(page).getByRole('status')).toHaveText('Loading your notes…')
  await expect(announcements(page).getByRole('status')).toHaveText('Loading the announcements…')

  release()
  await expect(notes(page).getByRole('listitem')).toHaveCount(3)
  await expect(announcements(page).getByRole('article')).toHaveCount(2)
  await expect(page.getByText(/Loading/)).toHaveCount(0)
})

test('gives up on an API that never answers, and tries again when told to', async ({ page }) => {
  await page.clock.install()
  const release = await hold(page, /api\/(notes|announcements)$/)
  await visitAgain(page)
  for (const region of [notes(page), announcements(page)]) {
    await expect(region.getByRole('status')).toHaveText(/Loading/)
  }

  await page.clock.fastForward(11_000)
  for (const region of [notes(page), announcements(page)]) {
    await expect(alert(region)).toContainText('did not arrive. The server took too long.')
    await expect(region.getByRole('status')).toHaveText('')
  }

  release()
  for (const region of [notes(page), announcements(page)]) {
    await region.getByRole('button', { name: 'Try again' }).click()
    await expect(region.getByRole('heading').first()).toBeFocused()
    await expect(alert(region)).toHaveCount(0)
  }
  await expect(notes(page).getByRole('listitem')).toHaveCount(3)
  await expect(announcements(page).getByRole('article')).toHaveCount(2)
})

test('shows what a failing API says, and what comes once it no longer fails', async ({ page, watch }) => {
  await states['notes failing'].reach(page)
  await expect(alert(notes(page))).toContainText('Your notes did not arrive. Out of ink.')
  await expect(alert(announcements(page))).toContainText('The announcements did not arrive. Out of ink.')
  await expect(page.getByText(/Loading|An empty page/)).toHaveCount(0)

  const again = notes(page).getByRole('button', { name: 'Try again' })
  await again.click()
  await expect(notes(page).getByRole('status')).toHaveText('Loading your notes…')
  await expect(notes(page).getByRole('heading')).toBeFocused()
  await expect(alert(notes(page))).toContainText('Out of ink.')

  await page.unroute('**/api/notes')
  await again.click()
  await expect(notes(page).getByRole('listitem')).toHaveCount(3)
  await expect(notes(page).getByRole('heading')).toBeFocused()
  allowFailedRequests(watch)
})

test('says that it is offline where it should try again, and does so when it no longer is', async ({
  context,
  page,
  watch,
}) => {
  await states['notes failing'].reach(page)
  await expect(alert(announcements(page))).toHaveCount(1)
  await context.setOffline(true)
  await announcements(page).getByRole('button', { name: 'Try again' }).click()
  await expect(announcements(page).getByRole('status')).toHaveText('You are offline.')

  await page.unroute('**/api/announcements')
  await context.setOffline(false)
  await expect(announcements(page).getByRole('article')).toHaveCount(2)
  allowFailedRequests(watch)
})

test('shows an empty page where there are no notes', async ({ page }) => {
  await visitAgain(page, [])
  await expect(notes(page).getByRole('status')).toHaveText('An empty page. What is worth forgetting?')
  await expect(notes(page).getByRole('listitem')).toHaveCount(0)
  await expect(alert(notes(page))).toHaveCount(0)
})

test('gives a note back that could not be saved, and takes notes that did not arrive for no empty page', async ({
  page,
  watch,
}) => {
  await states['notes failing'].reach(page)
  await expect(alert(notes(page))).toHaveCount(1)
  await page.getByLabel('New note').fill('Never written.')
  await page.getByRole('button', { name: 'Add note' }).click()
  await expect(alert(notes(page))).toContainText([
    'Your note was not saved. Out of ink.',
    'Your notes did not arrive. Out of ink.',
  ])
  await expect(page.getByLabel('New note')).toHaveValue('Never written.')
  await expect(notes(page).getByRole('status')).toHaveText('')
  allowFailedRequests(watch)
})

test('says that the server does not answer while it restores a session, and goes on when it does', async ({
  page,
  watch,
}) => {
  await states['restoring fails'].reach(page)
  await expect(page.getByRole('main').getByRole('status').first()).toHaveText(
    'The server does not answer. Trying again…',
  )
  await page.unroute('**/api/auth/user')
  await expect(notes(page).getByRole('listitem')).toHaveCount(3)
  allowFailedRequests(watch)
})

test('lets go of a session that cannot be restored', async ({ page, watch }) => {
  await states['restoring fails'].reach(page)
  await expect(page.getByText('The server does not answer.')).toBeVisible()
  await logOut(page)
  await expectSignInForm(page)
  await expect(page.getByText('token revoked')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeFocused()
  expect(await readStorage(page)).toEqual({})
  allowFailedRequests(watch)
})

for (const state of ['restoring offline', 'notes offline'] as const) {
  test(`${state}: says that it is offline, and goes on when it no longer is`, async ({
    context,
    page,
    watch,
  }) => {
    await states[state].reach(page)
    await expect(page.getByRole('main').getByRole('status').first()).toHaveText('You are offline.')
    await page.unroute('**/api/auth/user')
    await context.setOffline(false)
    await expect(notes(page).getByRole('listitem')).toHaveCount(3)
    allowFailedRequests(watch)
  })
}
