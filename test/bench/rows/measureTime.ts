import { byStores, type ContenderPage, own, rivals, signoff } from '../contenders.ts'
import type { Context } from '../Context.ts'
import type { Line } from '../Line.ts'
import { measureLogout } from '../measureLogout.ts'
import { compareTimes } from './compareTimes.ts'

const sizes = [
  { cached: 1000, observed: 100, limit: 1.0, others: rivals },
  { cached: 10_000, observed: 1000, limit: 1.2, others: [] },
]

const unguarded = { ...signoff, name: signoff.name, isGuarded: false }

/** Row 1: from the click to the commit in which all is signed out. */
export const measureTime = async (context: Context): Promise<Line[]> => {
  const { rounds, fewRounds } = context
  const lines: Line[] = []
  for (const { cached, observed, limit, others } of sizes) {
    const size = { subscribers: 1000, cached, observed }
    const count = cached.toLocaleString('en')
    for (const delay of [0, 200, 'never'] as const) {
      const measure = async (contender: ContenderPage): Promise<number | null> => {
        const { took, commits, frames } = await measureLogout(context, contender, {
          delay,
          ...size,
          isGuarded: true,
        })
        if (contender === signoff && (commits !== 1 || frames !== 0))
          throw new Error(`signoff took ${commits} commits and ${frames} frames`)
        return took
      }
      const ours = await compareTimes(own, byStores, rounds, measure)
      // Each against the floor in its own rounds.
      const theirs = others.length
        ? await compareTimes([byStores, ...others], byStores, fewRounds, measure)
        : {}
      const server = delay === 'never' ? 'never answers' : `answers in ${delay} ms`
      lines.push({
        measure: `time to signed out, ${count} queries, server ${server}`,
        bar: `≤ ${limit.toFixed(1)}`,
        limit,
        cells: { ...ours, ...theirs, ...ours },
      })
    }
    const floor = { ...byStores, isGuarded: true }
    const cells = await compareTimes(
      [unguarded, floor],
      floor,
      rounds,
      async (contender) =>
        (await measureLogout(context, contender, { delay: 0, ...size, isGuarded: contender.isGuarded })).took,
    )
    lines.push({
      measure: `the same, ${count} queries outside any guard, against the floor within`,
      bar: '≤ 1.3',
      limit: 1.3,
      cells,
    })
  }
  return lines
}
