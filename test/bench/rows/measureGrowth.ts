import { byStores, own, signoff } from '../contenders.ts'
import type { Context } from '../Context.ts'
import type { Line } from '../Line.ts'
import { measureLogout } from '../measureLogout.ts'
import { compareTimes } from './compareTimes.ts'

/** Row 7: how the time grows with what is cached, and with what is subscribed. */
export const measureGrowth = async (context: Context): Promise<Line[]> => {
  const { rounds, fewRounds } = context
  const measure = (subscribers: number, cached: number, count = fewRounds, who = own) =>
    compareTimes(who, byStores, count, async (contender) => {
      const page = { subscribers, cached, observed: 0, isGuarded: true }
      return (await measureLogout(context, contender, { delay: 0, ...page })).took
    })
  const few = await measure(10, 10_000)
  const many = await measure(10, 100_000, fewRounds, [signoff, byStores])
  const subscribed = await measure(10_000, 10, rounds)
  const median = (cells: Line['cells']): number => cells[signoff.name]?.absolute?.median ?? Number.NaN
  const growth = median(many) / median(few) / 10
  const line = (measure: string, limit: number, cells: Line['cells']): Line => ({
    measure,
    bar: `≤ ${limit.toFixed(1)}`,
    limit,
    cells,
  })
  return [
    line('time for each cached query, 10,000', 1.2, few),
    line('… 100,000', 1.2, many),
    line('… 100,000 against 10,000', 1.2, {
      [signoff.name]: { value: { median: growth, low: growth, high: growth }, unit: 'ratio' },
    }),
    line('time for each subscriber, 10,000', 1.0, subscribed),
  ]
}
