import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core'
import { findBrowser } from '../engines/installBrowser.mjs'

/** One Chromium for all runs. */
export const openBrowser = (): Promise<Browser> =>
  puppeteer.launch({
    executablePath: findBrowser('chromium') ?? '',
    args: [
      // Chromium refuses its sandbox to root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--js-flags=--expose-gc',
      '--disable-background-networking',
    ],
  })

/** Runs something in a profile of its own: nothing is stored, cached or compiled there before. */
export const withProfile = async <T>(
  browser: Browser,
  act: (profile: BrowserContext) => Promise<T>,
): Promise<T> => {
  const profile = await browser.createBrowserContext()
  try {
    return await act(profile)
  } finally {
    await profile.close()
  }
}

/** Clicks on the logout button as a user does. */
export const clickLogout = async (page: Page, count = 1): Promise<void> => {
  const { x, y } = await page.evaluate(() => {
    const box = document.querySelector('button')?.getBoundingClientRect()
    return { x: (box?.x ?? 0) + 10, y: (box?.y ?? 0) + 5 }
  })
  await page.mouse.click(x, y, { count })
}
