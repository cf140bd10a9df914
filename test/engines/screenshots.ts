import { fileURLToPath } from 'node:url'
import { test } from '@playwright/test'
import { demoUser } from '../../example/demoUser.ts'
import { logIn, logOut } from './notebook.ts'
import { looks, takeOn } from './looks.ts'
import { states } from './states.ts'

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

test.describe('the README', () => {
  test.use({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 })

  test('shows the notes beside the figures of the last logout', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.goto('/')
    await logIn(page, demoUser)
    const note = page.getByRole('list', { name: 'Notes' }).getByRole('listitem').first()
    await note.waitFor()
    await logOut(page)
    await page.getByText('token revoked').waitFor()
    await logIn(page, demoUser)
    await note.waitFor()
    await page.screenshot({ path: path('example/screenshot.png') })
  })
})

for (const [name, { reach, sign }] of Object.entries(states)) {
  test(name, async ({ page }) => {
    await reach(page)
    for (const look of looks) {
      await takeOn(page, look)
      await sign(page).waitFor()
      await page.screenshot({
        path: path(`test-results/screenshots/${name}-${look.name}.png`.replaceAll(' ', '-')),
        fullPage: true,
      })
    }
  })
}
