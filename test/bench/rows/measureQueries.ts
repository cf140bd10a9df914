import { byStores, own, signoff } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { atMost, createLine } from '../createLine.ts'
import { interleave } from '../interleave.ts'
import type { Line } from '../Line.ts'
import { measureLogout } from '../measureLogout.ts'
import { compareTimes } from './compareTimes.ts'

/** How the time of a logout grows with what is cached. */
export const measureQueries = async (context: Context): Promise<Line[]> => {
  const measure = async (cached: number, who: typeof own): Promise<Line['cells']> => {
    const times = await interleave(context.select(who, byStores), context.fewRounds, async (contender) => {
      const page = { subscribers: 10, cached, observed: 0, isGuarded: true }
      return (await measureLogout(context, contender, { delay: 0, ...page })).took
    })
    return compareTimes(times, byStores)
  }
  const few = await measure(10_000, own)
  const many = await measure(100_000, [signoff, byStores])
  const median = (cells: Line['cells']): number => cells[signoff.name]?.absolute?.median ?? Number.NaN
  const growth = median(many) / median(few) / 10
  const value = { median: growth, low: growth, high: growth }
  const bar = atMost(1.2, byStores.name)
  return [
    createLine({ measure: 'time for each cached query, 10,000', ...bar }, few),
    createLine({ measure: '… 100,000', ...bar }, many),
    createLine(
      { measure: '… 100,000 against 10,000', ...atMost(1.2, 'the time at 10,000') },
      many[signoff.name] ? { [signoff.name]: { value, unit: 'ratio' } } : {},
    ),
  ]
}
