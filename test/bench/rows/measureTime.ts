import { byContext, byStores, type ContenderPage, own, rivals } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { atMost, createLine } from '../createLine.ts'
import { interleave } from '../interleave.ts'
import type { Line } from '../Line.ts'
import { measureLogout } from '../measureLogout.ts'
import { compareTimes } from './compareTimes.ts'

/** How full a page is, and the most that signoff may take of what the hand-written floors take. */
interface Size {
  cached: number
  observed: number
  ofStores: number
  ofContext: number
}

export const small: Size = { cached: 1000, observed: 100, ofStores: 0.85, ofContext: 1.3 }
export const large: Size = { cached: 10_000, observed: 1000, ofStores: 0.8, ofContext: 1.2 }

/** From the click to the commit in which all is signed out, with 1,000 components that ask for the user. */
export const measureTime =
  ({ cached, observed, ofStores, ofContext }: Size) =>
  async (context: Context): Promise<Line[]> => {
    const { rounds, fewRounds, select } = context
    const lines: Line[] = []
    for (const delay of [0, 200, 'never'] as const) {
      const measure = async (contender: ContenderPage): Promise<number | null> => {
        const page = { subscribers: 1000, cached, observed, isGuarded: true }
        const { took, commits, frames } = await measureLogout(context, contender, { delay, ...page })
        if (own.includes(contender) && (commits !== 1 || frames !== 0))
          throw new Error(`${contender.name} took ${commits} commits and ${frames} frames`)
        return took
      }
      const ours = await interleave(select(own, byStores, byContext), rounds, measure)
      // Each against the floor in its own rounds.
      const theirs = await interleave(select(rivals, byStores), fewRounds, measure)
      const server = delay === 'never' ? 'never answers' : `answers in ${delay} ms`
      const count = cached.toLocaleString('en')
      const title = `time to signed out, ${count} queries, ${observed.toLocaleString('en')} of them observed, server ${server}`
      const oursToStores = compareTimes(ours, byStores)
      const againstStores = { ...oursToStores, ...compareTimes(theirs, byStores), ...oursToStores }
      lines.push(
        createLine({ measure: title, ...atMost(ofStores, byStores.name) }, againstStores),
        createLine({ measure: title, ...atMost(ofContext, byContext.name) }, compareTimes(ours, byContext)),
      )
    }
    return lines
  }
