import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { ada, bob, describeFramework, noteOf, signIn } from './describeFramework.ts'
import { describeRecipe, describeTypes } from './describeRecipe.ts'
import { installApp } from './installApp.ts'
import { openApp } from './openApp.ts'

const folder = join(import.meta.dirname, 'next')

const open = () => {
  installApp(folder)
  return openApp(folder)
}

describeRecipe('next', folder, [
  'next.config.mjs',
  'app/auth.ts',
  'app/cookieStorage.ts',
  'app/Providers.tsx',
  'app/ServerState.tsx',
  'app/layout.tsx',
  'app/Account.tsx',
  'app/page.tsx',
  'app/Notes.tsx',
  'app/draft/page.tsx',
  'app/draft/Draft.tsx',
])

describeFramework({ name: 'Next', open, asks: '/api/notes', isLeft: true }, (front) => {
  describeTypes(folder)

  test('routes that are kept in a hidden Activity hold nothing of the user, before the document is left', async ({
    browser,
  }) => {
    const { page, seen, lookAgain } = await signIn(browser, front(), ada)
    const draft = page.getByLabel('Draft')
    await page.getByRole('link', { name: 'Draft' }).click()
    await draft.fill('a secret of Ada')
    await page.getByRole('link', { name: 'Notes' }).click()
    await expect(page.getByRole('main')).toContainText(noteOf(ada))
    await page.getByRole('link', { name: 'Draft' }).click()
    // Both are kept: what was typed, and the notes, which are hidden.
    await expect(draft).toHaveValue('a secret of Ada')
    await expect(page.locator('main')).toBeHidden()
    expect(await page.locator('main').textContent()).toContain(noteOf(ada))

    // The document would be left, but there is no other to be had.
    await page.route('**', (route) =>
      route.request().isNavigationRequest() ? route.fulfill({ status: 204 }) : route.continue(),
    )
    await page.getByRole('button', { name: 'Log out' }).click()
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
    const left = await page.evaluate(() => {
      for (const script of document.querySelectorAll('script')) script.remove()
      const fields = Array.from(document.querySelectorAll('input'), ({ value }) => value)
      return [document.documentElement.outerHTML, ...fields].join()
    })
    expect(left).not.toContain(ada)
    expect(left).not.toContain('a secret of Ada')

    await lookAgain()
    await page.getByLabel('E-mail').fill(bob)
    await page.getByLabel('Password').fill('secret')
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect(draft).toHaveValue('')
    await page.getByRole('link', { name: 'Notes' }).click()
    await expect(page.getByRole('main')).toContainText(noteOf(bob))
    expect((await seen()).filter((text) => text.includes(ada))).toEqual([])
    expect(await page.locator('body').innerText()).not.toContain(ada)
  })
})
