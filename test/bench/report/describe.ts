import { bareByContext, byContext } from '../contenders.ts'
import type { Line, Results } from '../Line.ts'

/** Fewer rounds than this say little of times that differ by a tenth. */
const enough = 27

/** How a run was measured. */
export const describeRun = ({ browser, rounds, fewRounds }: Omit<Results, 'lines'>): string =>
  [
    `${browser}. Times are medians of ${rounds} interleaved rounds for signoff and the floors, of ${fewRounds} for the other libraries and for the growth with what is cached:`,
    'first the ratio to the floor that the bar names, in the same round, with the middle half of the rounds, then the milliseconds.',
    ...(rounds < enough ? [`A rough run: a bar wants ${enough} rounds.`] : []),
  ].join(' ')

/** How many bars hold, and which are missed, in words: also how many of these a floor that guarantees nothing misses as well. */
export const summarizeBars = (lines: Line[]): string => {
  const missed = lines.filter(({ result }) => result === 'misses its bar')
  if (missed.length === 0) return `signoff keeps all ${lines.length} bars.`
  const floors = [byContext, bareByContext].flatMap(({ name }) => {
    const count = missed.filter(({ cells, limit }) => (cells[name]?.value.median ?? 0) > limit).length
    return count > 0 ? [`${name} misses ${count}`] : []
  })
  return [
    `signoff keeps ${lines.length - missed.length} of ${lines.length} bars and misses ${missed.length}.`,
    ...(floors.length > 0 ? [`Of these ${floors.join(', and ')} as well.`] : []),
  ].join(' ')
}
