import type { ContenderPage } from '../contenders.ts'
import { interleave } from '../interleave.ts'
import type { Cell } from '../Line.ts'
import { summarize, summarizeRatio } from '../statistics.ts'

/**
 * Milliseconds of each contender against those of the floor in the same round; no cell where one of them gave none.
 *
 * @param measure - Milliseconds, or `null` for never.
 */
export const compareTimes = async <TContender extends ContenderPage>(
  contenders: readonly TContender[],
  floor: TContender,
  rounds: number,
  measure: (contender: TContender) => Promise<number | null>,
): Promise<Record<string, Cell | null>> => {
  const times = await interleave(contenders, rounds, measure)
  const floorTimes = times.get(floor) ?? []
  return Object.fromEntries(
    Array.from(times, ([{ name }, own]) => [
      name,
      own.length === rounds
        ? { value: summarizeRatio(own, floorTimes), absolute: summarize(own), unit: 'ratio' as const }
        : null,
    ]),
  )
}
