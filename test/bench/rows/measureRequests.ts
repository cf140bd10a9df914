import { signoff } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { atMost, createLine } from '../createLine.ts'
import { interleave } from '../interleave.ts'
import type { Line } from '../Line.ts'
import { measureLogout } from '../measureLogout.ts'
import { compareTimes } from './compareTimes.ts'

const afterNone = { ...signoff, name: 'after none', requestsBefore: 0 }
const afterMany = { ...signoff, requestsBefore: 30_000 }

/** What requests that have long been answered leave for the logout to do. */
export const measureRequests = async (context: Context): Promise<Line[]> => {
  const times = await interleave([afterMany, afterNone], context.rounds, async (page) => {
    const { requestsBefore } = page
    const settings = { subscribers: 10, cached: 10, observed: 0, isGuarded: true }
    return (await measureLogout(context, page, { delay: 0, requestsBefore, ...settings })).took
  })
  const { [signoff.name]: cell = null } = compareTimes(times, afterNone)
  const measure = 'logout after 30,000 settled requests in the session'
  return [createLine({ measure, ...atMost(1.2, 'signoff after none') }, { [signoff.name]: cell })]
}
