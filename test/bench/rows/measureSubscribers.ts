import { byStores, own } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { atMost, createLine } from '../createLine.ts'
import { interleave } from '../interleave.ts'
import type { Line } from '../Line.ts'
import { measureLogout } from '../measureLogout.ts'
import { compareTimes } from './compareTimes.ts'

/** What each component that asks for the user adds to a logout. */
export const measureSubscribers = async (context: Context): Promise<Line[]> => {
  const times = await interleave(context.select(own, byStores), context.rounds, async (contender) => {
    const page = { subscribers: 10_000, cached: 10, observed: 0, isGuarded: true }
    return (await measureLogout(context, contender, { delay: 0, ...page })).took
  })
  const bar = { measure: 'time for each subscriber, 10,000', ...atMost(0.6, byStores.name) }
  return [createLine(bar, compareTimes(times, byStores))]
}
