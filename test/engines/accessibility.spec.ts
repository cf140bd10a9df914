import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'
import { demoUser } from '../../example/demoUser.ts'
import { looks, takeOn } from './looks.ts'
import {
  allowFailedRequests,
  endSession,
  expectSignInForm,
  fillInRegistration,
  logIn,
  logOut,
  newPerson,
  openTab,
  readTokens,
  register,
  test,
} from './notebook.ts'
import { states } from './states.ts'

/** `npm test` takes one for each third state, by turns. */
const looksOf = (index: number) =>
  looks.filter((_, look) => !process.env['SHORT'] || look === index % looks.length)

for (const [index, [name, { reach, sign }]] of Object.entries(states).entries()) {
  const tag = index % 3 === 0 ? [] : '@long'
  test(
    `${name}: accessible to axe, as wide as the screen and large enough to hit`,
    { tag },
    async ({ page, watch }) => {
      await reach(page)
      for (const look of looksOf(index)) {
        await test.step(look.name, async () => {
          await takeOn(page, look)
          await expect(sign(page)).toBeVisible()
          expect(await findViolations(page)).toEqual([])
          expect(await measureOverflow(page)).toBe(0)
          expect(await findSmallTargets(page)).toEqual([])
          await expect(sign(page)).toBeVisible()
        })
      }
      allowFailedRequests(watch)
    },
  )
}

test('axe finds what is planted', async ({ page }) => {
  await page.goto('/')
  await expectSignInForm(page)
  expect(await findViolations(page)).toEqual([])

  await page.getByText('E-mail').evaluate((label) => label.remove())
  await page.getByRole('heading', { name: 'Sign in' }).evaluate((heading) => (heading.style.color = '#ddd'))
  expect(await findViolations(page)).toEqual([
    'color-contrast: #sign-in-heading',
    expect.stringMatching(/^label: #/),
  ])
})

test('a page that can be scrolled sideways and a target that is too small are found', async ({ page }) => {
  await page.goto('/')
  const button = page.getByRole('button', { name: 'Log in' })
  await button.evaluate(({ style }) => Object.assign(style, { minHeight: '0', height: '20px' }))
  await page.getByRole('form').evaluate(({ style }) => (style.minWidth = '200vw'))
  expect(await findSmallTargets(page)).toEqual([expect.stringContaining('Log in')])
  expect(await measureOverflow(page)).toBeGreaterThan(100)
})

test('a keyboard is enough, and shows where it is', async ({ page }) => {
  const person = newPerson('Grace', 'Hopper')
  const { keyboard } = page
  const field = (name: string) => page.getByRole('textbox', { name })
  const button = (name: string) => page.getByRole('button', { name })
  const heading = (name: string) => page.getByRole('heading', { name })
  const tabTo = async (target: Locator, key = 'Tab') => {
    await keyboard.press(key)
    await expectVisibleFocus(target)
  }

  await page.goto('/')
  await expectSignInForm(page)
  await tabTo(field('E-mail'))
  await tabTo(field('Password'))
  await tabTo(button('Log in'))
  await tabTo(button('Register'))
  await tabTo(button('Fill in the demo account'))
  await tabTo(button('Register'), 'Shift+Tab')
  await keyboard.press('Enter')

  await expectVisibleFocus(heading('Register'))
  await tabTo(field('First name'))
  await keyboard.type(person.firstName)
  await tabTo(field('Last name'))
  await keyboard.type(person.lastName)
  await tabTo(field('E-mail'))
  await keyboard.type(person.email)
  await tabTo(field('Password'))
  await keyboard.type(person.password)
  await tabTo(button('Create account'))
  await keyboard.press('Enter')

  await expectVisibleFocus(heading('Notes'))
  await tabTo(field('New note'))
  await keyboard.type('Buy ink.')
  await keyboard.press('Enter')
  await expect(button('Delete note')).toBeEnabled()
  await expectVisibleFocus(field('New note'))
  await tabTo(button('Add note'))
  await tabTo(button('Delete note'))
  await keyboard.press('Enter')
  await expectVisibleFocus(heading('Notes'))
  await expect(button('Delete note')).toHaveCount(0)
  await tabTo(button('Log out'), 'Shift+Tab')
  await keyboard.press('Enter')

  await expectVisibleFocus(heading('Sign in'))
  await tabTo(field('E-mail'))
  await keyboard.type(person.email)
  await tabTo(field('Password'))
  await keyboard.type(person.password)
  await keyboard.press('Enter')
  await expectVisibleFocus(heading('Notes'))
})

test('the focus stays at the beginning of a page that was just opened', async ({ page }) => {
  await page.goto('/')
  await expectSignInForm(page)
  await expect(page.locator('body')).toBeFocused()
})

test('the focus is at the heading after another tab has logged out or in', async ({ page }) => {
  const person = newPerson('Grace', 'Hopper')
  await register(page, person)
  const tab = await openTab(page)
  await page.getByLabel('New note').focus()
  await page.keyboard.type('Half a')

  await logOut(tab)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeFocused()
  await page.getByLabel('E-mail').focus()
  await logIn(tab, person)
  await expect(page.getByRole('heading', { name: 'Notes' })).toBeFocused()
})

test('a live region says politely who is signed in, and when nobody is any more', async ({ page }) => {
  await page.goto('/')
  await expectSignInForm(page)
  const expectSaid = await listen(page)
  await expectSaid('')

  await fillInRegistration(page, newPerson('Grace', 'Hopper'))
  await expectSaid('You are signed in as Grace.')
  await logOut(page)
  await expectSaid('You are signed out.')
})

test('a live region says that another tab has logged out, or the server', async ({
  page,
  request,
  watch,
}) => {
  await register(page, newPerson('Grace', 'Hopper'))
  const expectSaid = await listen(page)
  const tab = await openTab(page)
  await logOut(tab)
  await expectSaid('You are signed out, in another tab.')
  // Else it might be the one that hears from the server first.
  await tab.close()

  await logIn(page, demoUser)
  await expectSaid('You are signed in as Ada.')
  await endSession(request, await readTokens(page))
  // A page that is looked at again asks whether its token still holds, if it has not asked before.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await expectSaid('Your session has ended. You are signed out.')
  allowFailedRequests(watch)
})

/**
 * Returns what expects a text in the live region that is on the page by now: one that comes together with its text is
 * not heard.
 */
async function listen(page: Page): Promise<(text: string) => Promise<void>> {
  const region = await page.locator('[role=status][aria-live=polite]').elementHandle()
  return (text) => expect.poll(() => region?.innerText()).toBe(text)
}

/** Expects the focus on something, and an outline around it. */
async function expectVisibleFocus(target: Locator): Promise<void> {
  await expect(target).toBeFocused()
  await expect(target).toHaveCSS('outline-style', 'solid')
  await expect(target).toHaveCSS('outline-width', '2px')
  await expect(target).toBeInViewport()
}

/** What breaks a rule of axe, and what axe is not sure of. There are no frames, for which it would open a page. */
async function findViolations(page: Page): Promise<string[]> {
  const { violations, incomplete } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return [...violations, ...incomplete].flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
  )
}

/** How far the page can be scrolled sideways, in CSS pixels. */
function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))
}

/** What can be pressed and is smaller than 24 by 24 CSS pixels (WCAG 2.2, 2.5.8), visible or not. */
function findSmallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('a, button, input'))
      .filter((target) => {
        const { width, height } = target.getBoundingClientRect()
        return width < 24 || height < 24
      })
      .map((target) => target.outerHTML),
  )
}
