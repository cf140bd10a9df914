import { contenders } from '../contenders.ts'
import type { Results } from '../Line.ts'
import { formatCell } from './formatCell.ts'

/** One Markdown table of all contenders. */
export const createTable = ({ browser, rounds, fewRounds, lines }: Results): string => {
  const names = contenders.map(({ name }) => name)
  const toRow = (cells: string[]): string => `| ${cells.join(' | ')} |`
  return [
    `${browser}, ${rounds} rounds for the times of signoff and the floors, ${fewRounds} for those of the others and for growth. Times as ratio to hand-written in the same round (median, middle half), then the median itself.`,
    '',
    toRow(['', 'bar', ...names]),
    toRow(['---', '---', ...names.map(() => '---')]),
    ...lines.map(({ measure, bar, cells }) =>
      toRow([measure, bar, ...names.map((name) => formatCell(cells[name]))]),
    ),
    '',
  ].join('\n')
}
