import { addressOf } from '../addressOf.ts'
import { byContext, own } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { atMost, createLine } from '../createLine.ts'
import { interleave } from '../interleave.ts'
import type { Line } from '../Line.ts'
import { withProfile } from '../openBrowser.ts'
import { summarize } from '../statistics.ts'
import { compareTimes } from './compareTimes.ts'

/** A thousand of them take a few milliseconds: one mount alone would measure the machine. */
const times = 40

/** Components that ask for the user, mounted into a signed-in page: rendered, committed, their effects run. */
export const measureMount = async (context: Context): Promise<Line[]> => {
  const { browser, rounds, select, server } = context
  const each = await interleave(select(own, byContext), rounds, (contender) =>
    withProfile(browser, async (profile) => {
      const page = await profile.newPage()
      await page.goto(addressOf(server.origin, contender, { subscribers: 1, mounted: 1000 }))
      await page.evaluate(() => window.bench.open(true))
      return summarize(await page.evaluate((times) => window.bench.mount(times), times)).median
    }),
  )
  const measure = 'mounting 1,000 components that read the user'
  return [createLine({ measure, ...atMost(1.05, byContext.name) }, compareTimes(each, byContext))]
}
