import { addressOf } from '../addressOf.ts'
import { byStores, own } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { atMost, createLine } from '../createLine.ts'
import { interleave } from '../interleave.ts'
import type { Line } from '../Line.ts'
import { withProfile } from '../openBrowser.ts'
import { compareTimes } from './compareTimes.ts'

/**
 * The whole script of the page, compiled and evaluated, up to the first commit of its provider. Both hand-written floors
 * send their requests with ky, as signoff does, so that what ky costs is in all three; bare React is without it.
 */
export const measureStart = async (context: Context): Promise<Line[]> => {
  const { browser, rounds, select } = context
  const times = await interleave(select(own, byStores), rounds, (contender) =>
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
  const bar = {
    measure: 'script and first render, with a stored token',
    ...atMost(1.1, `${byStores.name}, over ky`),
  }
  return [createLine(bar, compareTimes(times, byStores))]
}
