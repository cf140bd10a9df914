import { contenders } from '../contenders.ts'
import type { Line, Results } from '../Line.ts'
import { describeRun, summarizeBars } from './describe.ts'
import { formatCell } from './formatCell.ts'

/** What misses its bar stands out. */
export const formatResult = ({ result }: Line): string =>
  result === 'misses its bar' ? `**${result}**` : result

/** One Markdown table of all contenders. */
export const createTable = (results: Results): string => {
  const { lines } = results
  const names = contenders.map(({ name }) => name)
  const toRow = (cells: string[]): string => `| ${cells.join(' | ')} |`
  return [
    describeRun(results),
    'Of the other libraries ra-core clears TanStack Query’s cache as it logs out. The documentation of the rest does not clear it, and their times are those of a page that keeps what was fetched.',
    '',
    summarizeBars(lines),
    '',
    toRow(['', 'bar', 'result', ...names]),
    toRow(['---', '---', '---', ...names.map(() => '---')]),
    ...lines.map((line) =>
      toRow([
        line.measure,
        line.bar,
        formatResult(line),
        ...names.map((name) => formatCell(line.cells[name])),
      ]),
    ),
    '',
  ].join('\n')
}
