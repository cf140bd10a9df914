import type { ContenderPage } from '../contenders.ts'
import type { Line } from '../Line.ts'
import { summarize, summarizeRatio } from '../statistics.ts'

/**
 * Milliseconds of each contender against those of the floor in the same round; no cell where a round gave none. Nothing
 * where the floor was not measured.
 *
 * @param times - A run of each contender for each round, as `interleave` gives them.
 */
export const compareTimes = <TContender extends ContenderPage>(
  times: Map<TContender, number[]>,
  floor: TContender,
): Line['cells'] => {
  const floorTimes = times.get(floor)
  if (!floorTimes) return {}
  return Object.fromEntries(
    Array.from(times, ([{ name }, own]) => [
      name,
      own.length === floorTimes.length
        ? { value: summarizeRatio(own, floorTimes), absolute: summarize(own), unit: 'ratio' as const }
        : null,
    ]),
  )
}
