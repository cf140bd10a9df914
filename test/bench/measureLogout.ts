import type { ContenderPage } from './contenders.ts'
import type { Context } from './Context.ts'
import type { Delay } from './openBenchServer.ts'
import { clickLogout, withProfile } from './openBrowser.ts'
import { addressOf } from './addressOf.ts'
import type { Left } from './page/left.ts'
import type { Recording } from './page/recorder.ts'
import type { renders } from './page/renders.ts'
import type { Settings } from './page/settings.ts'

export interface Scenario extends Partial<Settings> {
  /** How long the server takes to answer from the click on. */
  delay: Delay
  clicks?: number
  tabs?: number
  /** Logins and logouts before the one that counts. */
  cyclesBefore?: number
  /** Private requests, answered and read, before the click. */
  requestsBefore?: number
  /** Milliseconds after the click for which everything is counted. Default: until all is signed out. */
  settle?: number
}

export interface Measured extends Recording {
  renders: typeof renders
  left: Left
  requests: string[]
}

/** Milliseconds after which a logout is said never to be done. */
const patience = 2500

/** One logout in a fresh page of a fresh profile. */
export const measureLogout = (
  { browser, server }: Pick<Context, 'browser' | 'server'>,
  contender: ContenderPage,
  { delay, clicks = 1, tabs = 1, cyclesBefore = 0, requestsBefore = 0, settle, ...settings }: Scenario,
): Promise<Measured> =>
  withProfile(browser, async (profile) => {
    const pages = []
    for (let count = 0; count < tabs; count += 1) {
      const page = await profile.newPage()
      await page.goto(addressOf(server.origin, contender, settings))
      // The tabs share a session, where there is one to share.
      const isFirst = count === 0 || contender.script.startsWith('bareReact')
      await page.evaluate((isFirst) => window.bench.open(isFirst), isFirst)
      pages.push(page)
    }
    const [page] = pages
    if (!page) throw new Error('No page')
    if (cyclesBefore) await page.evaluate((times) => window.bench.cycle(times), cyclesBefore)
    if (requestsBefore) await page.evaluate((times) => window.bench.request(times), requestsBefore)
    await page.bringToFront()
    await page.evaluate(() => window.bench.arm())
    // What is under way at the logout is not of its making.
    await new Promise((resolve) => setTimeout(resolve, 30))
    server.requests.length = 0
    server.delay = delay
    try {
      await clickLogout(page, clicks)
      if (settle) await new Promise((resolve) => setTimeout(resolve, settle))
      else
        await page
          .waitForFunction(() => window.bench.read().took !== null, { timeout: patience, polling: 20 })
          .catch(() => {})
      const left = await page.evaluate(() => window.bench.left())
      return { ...(await page.evaluate(() => window.bench.read())), left, requests: server.requests.slice() }
    } finally {
      server.delay = 0
    }
  })
