import { byStores, signoff } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { atMost, createLine } from '../createLine.ts'
import { interleave } from '../interleave.ts'
import type { Line } from '../Line.ts'
import { measureLogout } from '../measureLogout.ts'
import { compareTimes } from './compareTimes.ts'
import { large, small } from './measureTime.ts'

const unguarded = { ...signoff, isGuarded: false }

/** The components of the floor go with its guard; nothing else of it makes a mounted component forget. */
const guarded = { ...byStores, isGuarded: true }

/** From the click to the commit in which all is signed out, where private components stay mounted. */
export const measureUnguarded = async (context: Context): Promise<Line[]> => {
  const lines: Line[] = []
  for (const { cached, observed } of [small, large]) {
    const times = await interleave(
      context.select([unguarded], guarded),
      context.rounds,
      async (contender) => {
        const page = { subscribers: 1000, cached, observed, isGuarded: contender.isGuarded }
        return (await measureLogout(context, contender, { delay: 0, ...page })).took
      },
    )
    const count = cached.toLocaleString('en')
    const measure = `time to signed out, ${count} queries, private components outside any guard`
    lines.push(
      createLine({ measure, ...atMost(1, `${byStores.name}, within a guard`) }, compareTimes(times, guarded)),
    )
  }
  return lines
}
