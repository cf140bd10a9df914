// Takes the picture of the example that the README shows: `node test/browser/screenshot.mjs`.
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { findBrowser } from './installBrowser.mjs'
import { serveExample } from './serveExample.mjs'

const path = fileURLToPath(new URL('../../example/screenshot.png', import.meta.url))

const server = await serveExample(0)
const browser = await chromium.launch({
  executablePath: findBrowser('chromium'),
  chromiumSandbox: process.getuid?.() !== 0,
})
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1.5,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  await page.goto(server.resolvedUrls?.local[0] ?? '')

  const signIn = async () => {
    await page.getByRole('button', { name: 'Fill in the demo account' }).click()
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('list', { name: 'Notes' }).getByRole('listitem').first().waitFor()
  }
  // One logout, for the figures of the last one are worth a look.
  await signIn()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByText('token revoked').waitFor()
  await signIn()
  await page.screenshot({ path })
  console.log(path)
} finally {
  await browser.close()
  await server.close()
}
