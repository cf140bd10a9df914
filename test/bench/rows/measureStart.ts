import { addressOf } from '../addressOf.ts'
import { byStores, own } from '../contenders.ts'
import type { Context } from '../Context.ts'
import type { Line } from '../Line.ts'
import { withProfile } from '../openBrowser.ts'
import { compareTimes } from './compareTimes.ts'

/** Row 8: the whole script of the page, compiled and evaluated, up to the first commit of its provider. */
export const measureStart = async (context: Context): Promise<Line[]> => {
  const { browser, rounds } = context
  const cells = await compareTimes(own, byStores, rounds, (contender) =>
    withProfile(browser, async (profile) => {
      const page = await profile.newPage()
      await page.evaluateOnNewDocument(() => {
        localStorage.setItem('token', 'token-1')
        localStorage.setItem('session', '{"user":{"name":"Ada Lovelace"},"token":"token-1"}')
      })
      const settings = { subscribers: 1, isStart: true, isGuarded: true }
      await page.goto(addressOf(context.server.origin, contender, settings))
      const at = await page.waitForFunction(() => window.bench && window.bench.read().firstCommitAt)
      return page.evaluate((at) => (at ?? 0) - (window.startedAt ?? 0), await at.jsonValue())
    }),
  )
  return [{ measure: 'script and first render, with a stored token', bar: '≤ 1.2', limit: 1.2, cells }]
}
