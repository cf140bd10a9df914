import { expect, type Page } from '@playwright/test'
import { looks, takeOn } from './looks.ts'
import { allowFailedRequests, expectSignInForm, hold, logIn, logOut, newPerson, test } from './notebook.ts'
import { states, visitAgain } from './states.ts'

declare global {
  interface Window {
    /** What has moved on a page, in the order in which it did. */
    shifts?: string[]
  }
}

/** Chromium's, which TypeScript does not know (Layout Instability, a draft of the WICG). */
interface LayoutShift extends PerformanceEntry {
  sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[]
}

for (const [index, { name, size }] of looks.filter(({ colorScheme }) => colorScheme === 'light').entries()) {
  const tag = index === 0 ? [] : '@long'
  test(
    `${name}: nothing moves while a session is restored, ends and begins`,
    { tag },
    async ({ page, watch }) => {
      await page.setViewportSize(size)
      await page.addInitScript(recordShifts)
      const restore = await hold(page, '**/api/auth/user')
      const sendNotes = await hold(page, '**/api/notes')
      const sendAnnouncements = await hold(page, '**/api/announcements')
      const endSession = await hold(page, '**/api/auth/logout')

      await visitAgain(page)
      await expect(page.getByText('Loading your notes…')).toBeVisible()
      await expectNoShift(page)
      restore()
      await expect(page.getByRole('heading', { name: 'Notes' })).toBeVisible()
      await expectNoShift(page)
      sendAnnouncements()
      await expect(page.getByRole('article')).toHaveCount(2)
      await expectNoShift(page)
      sendNotes()
      await expect(page.getByText('Buy ink.')).toBeVisible()
      await expectNoShift(page)

      await logOut(page)
      await expect(page.getByText('Telling the server…')).toBeVisible()
      await expectNoShift(page)
      endSession()
      await expect(page.getByText('token revoked')).toBeVisible()
      await expectNoShift(page)

      const person = newPerson('Ada', 'Lovelace')
      await page.request.post('/api/auth/register', { data: person })
      await logIn(page, { ...person, password: 'forgotten' })
      await expect(page.getByText('Invalid email or password')).toBeVisible()
      await expectNoShift(page)
      await logIn(page, person)
      await expect(page.getByText('An empty page.')).toBeVisible()
      await expectNoShift(page)
      allowFailedRequests(watch)
    },
  )

  for (const state of ['restoring fails', 'notes failing', 'logout failing', 'logout offline'] as const) {
    const { reach, sign } = states[state]
    test(`${name}: nothing moves on the way to ${state}`, { tag }, async ({ page, watch }) => {
      await page.setViewportSize(size)
      await page.addInitScript(recordShifts)
      await reach(page)
      await expect(sign(page)).toBeVisible()
      await expectNoShift(page)
      allowFailedRequests(watch)
    })
  }
}

test('a planted shift is found', async ({ page }) => {
  await page.addInitScript(recordShifts)
  await page.goto('/')
  await expectSignInForm(page)
  await expectNoShift(page)
  await page.getByRole('main').evaluate((main) => (main.style.paddingTop = '4px'))
  expect(await readShifts(page)).not.toEqual([])
})

test('phone and desktop have a light and a dark page, as their owner prefers', async ({ page }) => {
  await page.goto('/')
  await expectSignInForm(page)
  const brightness: number[] = []
  for (const look of looks) {
    await takeOn(page, look)
    const [red = 0] = await page.evaluate(() =>
      Array.from(getComputedStyle(document.documentElement).backgroundColor.matchAll(/\d+/g), Number),
    )
    brightness.push(red)
  }
  expect(brightness).toEqual([238, 16, 238, 16])
})

test('what moves stands still for those who prefer it', async ({ page }) => {
  await states['notes slow'].reach(page)
  await expect(page.getByRole('heading', { name: 'Notes' })).toBeVisible()
  const countAnimations = () => page.evaluate(() => document.getAnimations().length)
  expect(await countAnimations()).toBeGreaterThan(0)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await countAnimations()).toBe(0)
})

async function expectNoShift(page: Page): Promise<void> {
  expect(await readShifts(page)).toEqual([])
}

/** What has moved until now. A shift is reported after the frame that shows it. */
function readShifts(page: Page): Promise<string[] | undefined> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)
    return window.shifts
  })
}

/** Runs in a page: records what moves, also right after a click, which Chromium's own score overlooks. */
function recordShifts(): void {
  const shifts: string[] = (window.shifts = [])
  const describe = ({ node, previousRect, currentRect }: LayoutShift['sources'][number]) =>
    `${node?.textContent ?? 'what is gone'}: ${JSON.stringify([previousRect, currentRect])}`

  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries() as LayoutShift[]) {
      // The inspector's words end at its right edge: those that become longer begin elsewhere on their line.
      const moved = sources.filter(
        ({ node, previousRect, currentRect }) =>
          !node?.parentElement?.closest('.inspector') || previousRect.top !== currentRect.top,
      )
      shifts.push(...moved.map(describe))
    }
  }).observe({ type: 'layout-shift', buffered: true })
}
