import { signoff } from '../contenders.ts'
import type { Results } from '../Line.ts'
import { formatResult } from './createTable.ts'
import { describeRun, summarizeBars } from './describe.ts'
import { formatCell } from './formatCell.ts'

const quoted = /^time to|^time for each subscriber|^mounting|^logout after|^own code|^script and/

/** The part of the README that holds figures. */
export const figuresIn = (readme: string): string =>
  /<!-- figures -->[^]*<!-- \/figures -->/.exec(readme)?.[0] ?? ''

/** What the README says of a run: a row for each measure, with all its bars. */
export const quoteFigures = (results: Results): string => {
  const lines = results.lines.filter(({ measure }) => quoted.test(measure))
  const toRow = (measure: string): string => {
    const own = lines.filter((line) => line.measure === measure)
    const bars = own.map(({ bar }) => bar)
    const figures = own.map(({ cells }) => formatCell(cells[signoff.name]))
    const columns = [[measure], bars, figures, own.map(formatResult)]
    return `| ${columns.map((column) => column.join('<br>')).join(' | ')} |`
  }
  return [
    '<!-- figures -->',
    `${describeRun(results)} ${summarizeBars(results.lines)}`,
    '',
    '| | bar | signoff | result |',
    '| --- | --- | --- | --- |',
    ...Array.from(new Set(lines.map(({ measure }) => measure)), toRow),
    '<!-- /figures -->',
  ].join('\n')
}
