import { test as base, expect } from '@playwright/test'
import puppeteer, {
  type Browser,
  type BrowserContext,
  type Frame,
  type LaunchOptions,
  type Page,
} from 'puppeteer-core'
import type { ApiServer } from '../../support/openApiServer.ts'
import { findBrowser } from '../installBrowser.mjs'
import { openSite } from '../site.ts'
import { openWebKit } from '../webkit/openWebKit.ts'
import { startRecording } from './recorder.ts'

export interface Options {
  /** The page that is tested: built on signoff, the same on Preact, or with the logout that most apps have. */
  build: 'signoff' | 'preact' | 'naive'
  engine: 'chromium' | 'firefox' | 'webkit'
  /** Sent with every page and every answer. */
  headers: Record<string, string>
}

export interface Fixtures {
  /** WebKit's driver cannot run a script before a page's own. So the site does: these, in every page. */
  preludes: Set<string> | undefined
  /** The pages and their API; the address of the one that is tested. */
  site: ApiServer & { page: string }
  /** What differs from the engine's own settings. */
  launch: (options?: LaunchOptions) => Promise<Browser>
  /** Tabs of one user, in one window: all but the one in front are hidden. */
  profile: BrowserContext
  /** Opens a tab and waits for the notebook. Records what it shows. */
  openTab: (query?: string) => Promise<Page>
  /**
   * What signoff promises. The naive build must break it: else the test would not bite. For that build, `eventually`
   * gives up sooner.
   */
  promises: (check: (eventually: Eventually) => Promise<void>) => Promise<void>
}

/** Milliseconds. The limit only says that a browser hangs, at whatever load. */
const patience = 120_000

export type Eventually = <T>(read: () => T | Promise<T>) => ReturnType<typeof expect.poll<T>>

const waitAtMost =
  (timeout: number): Eventually =>
  (read) =>
    expect.poll(read, { timeout, intervals: [20, 50, 100] })

/** Expects what is bound to come: reads again and again until it is there. */
export const eventually = waitAtMost(patience)

/** Puppeteer speaks to both engines (WebDriver BiDi), and leaves hidden tabs hidden. */
const openWithPuppeteer = (
  engine: Exclude<Options['engine'], 'webkit'>,
  options?: LaunchOptions,
): Promise<Browser> =>
  puppeteer.launch({
    browser: engine === 'chromium' ? 'chrome' : engine,
    executablePath: findBrowser(engine) ?? '',
    timeout: patience,
    ...options,
    // Chromium refuses its sandbox to root.
    args: [
      ...(engine === 'chromium' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(options?.args ?? []),
    ],
  })

const openBrowser = async (
  engine: Options['engine'],
  preludes: Set<string> | undefined,
  options?: LaunchOptions,
): Promise<Browser> =>
  engine === 'webkit' && preludes
    ? // It has as much of a browser of Puppeteer's as the tests use.
      ((await openWebKit(findBrowser(engine) ?? '', preludes, options)) as unknown as Browser)
    : openWithPuppeteer(engine as Exclude<Options['engine'], 'webkit'>, options)

const isAssertion = (error: unknown): boolean => error instanceof Error && 'matcherResult' in error

export const test = base.extend<Fixtures & Options>({
  build: ['signoff', { option: true }],
  engine: ['chromium', { option: true }],
  headers: [{}, { option: true }],

  preludes: async ({ engine }, use) => {
    await use(engine === 'webkit' ? new Set() : undefined)
  },

  site: async ({ build, headers, preludes }, use) => {
    const site = await openSite(headers, preludes)
    await use({ ...site, page: `${site.origin}/${build === 'preact' ? 'preact/signoff' : build}.html` })
    await site.close()
  },

  launch: async ({ engine, preludes }, use) => {
    const browsers: Browser[] = []
    await use(async (options) => {
      const browser = await openBrowser(engine, preludes, options)
      browsers.push(browser)
      return browser
    })
    for (const browser of browsers) await browser.close()
  },

  profile: async ({ launch }, use) => {
    const browser = await launch()
    await use(browser.defaultBrowserContext())
  },

  openTab: async ({ profile, site }, use) => {
    await use((query = '') => openNotebook(profile, `${site.page}${query}`))
  },

  promises: async ({ build }, use, testInfo) => {
    let isChecked = false
    await use(async (check) => {
      isChecked = true
      if (build !== 'naive') return check(eventually)
      const isBroken = await check(waitAtMost(2000)).then(
        () => false,
        (error: unknown) => {
          if (!isAssertion(error)) throw error
          return true
        },
      )
      expect(isBroken, 'the naive build keeps this promise too: the test does not bite').toBe(true)
    })
    expect(isChecked || testInfo.expectedStatus === 'skipped', 'nothing was promised').toBe(true)
  },
})

/** An empty tab. */
export const newTab = async (context: Browser | BrowserContext): Promise<Page> => {
  const tab = await context.newPage()
  tab.setDefaultTimeout(patience)
  return tab
}

/** Opens a tab at an address and waits until the notebook is there. Records what it shows. */
export const openNotebook = async (context: BrowserContext, url: string): Promise<Page> => {
  const tab = await newTab(context)
  await startRecording(tab)
  await tab.goto(url)
  await tab.locator('::-p-text(Log in as ada)').wait()
  return tab
}

/** Clicks as a user does, in the front tab. */
export const click = async (tab: Page, button: string): Promise<void> => {
  await tab.bringToFront()
  await tab.locator(`button ::-p-text(${button})`).click()
}

/** A page, in a tab of its own or in a frame. */
export type Document = Page | Frame

/** Clicks without a mouse, and without a handle on the element, which would hold it in memory. */
export const press = (page: Document, button: string): Promise<void> =>
  page.evaluate((name) => {
    const buttons = document.querySelectorAll('button')
    Array.from(buttons)
      .find(({ textContent }) => textContent === name)
      ?.click()
  }, button)

/** Everything that the page says: nothing between two documents. */
export const readText = (tab: Page): Promise<string> =>
  tab.evaluate(() => document.getElementById('root')?.textContent ?? '').catch(() => '')

/** Some ten frames. */
export const waitForFrames = (tab: Page): Promise<unknown> =>
  tab.evaluate(async () => {
    for (let count = 0; count < 10; count += 1) await new Promise(requestAnimationFrame)
  })

export const noteOf = (name: 'ada' | 'alan'): string => `private note of ${name}@example.com`

export const logIn = async (tab: Page, name: 'ada' | 'alan'): Promise<void> => {
  await click(tab, `Log in as ${name}`)
  await eventually(() => readText(tab)).toContain(noteOf(name))
}

export { expect }
