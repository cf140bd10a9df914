import { signoff } from './contenders.ts'
import type { Bar, Cell, Line } from './Line.ts'

const judge = (cell: Cell | null | undefined, limit: number): Line['result'] => {
  if (cell === undefined) return 'not measured'
  return cell !== null && cell.value.median <= limit ? 'holds' : 'misses its bar'
}

/** One line of the report: says of signoff whether it keeps the bar. */
export const createLine = ({ measure, bar, limit }: Bar, cells: Line['cells']): Line => ({
  measure,
  bar,
  limit,
  result: judge(cells[signoff.name], limit),
  cells,
})

/** The bar of a ratio, in words. */
export const atMost = (limit: number, floor: string): Pick<Bar, 'bar' | 'limit'> => ({
  bar: `≤ ${limit.toFixed(2).replace(/0$/, '')} of ${floor}`,
  limit,
})
