import type { Cell } from '../Line.ts'

const round = (value: number): string => String(Number(value.toFixed(2)))

/** The median, with the middle half of the runs where they differ, and what a ratio comes from. */
export const formatCell = (cell: Cell | null | undefined): string => {
  if (cell === undefined) return ''
  if (cell === null) return 'never'
  const { value, absolute, unit } = cell
  if (unit === 'count') return round(value.median)
  if (unit === 'kB') return `${value.median.toFixed(2)} kB`
  const ratio = value.median.toFixed(2)
  const spread =
    value.low === value.high ? ratio : `${ratio} (${value.low.toFixed(2)}–${value.high.toFixed(2)})`
  if (!absolute) return spread
  return unit === 'bytes'
    ? `${spread}, ${Math.round(absolute.median)} B`
    : `${spread}, ${absolute.median.toFixed(1)} ms`
}
