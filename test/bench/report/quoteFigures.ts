import type { Results } from '../Line.ts'
import { formatCell } from './formatCell.ts'

const quoted = /time to signed out|outside any guard|own code|script and first/

/** The part of the README that holds figures. */
export const figuresIn = (readme: string): string =>
  /<!-- figures -->[^]*<!-- \/figures -->/.exec(readme)?.[0] ?? ''

/** What the README says of a run. */
export const quoteFigures = ({ lines, rounds, browser }: Results): string =>
  [
    '<!-- figures -->',
    `Medians of ${rounds} rounds in ${browser}, against the hand-written floor in the same round.`,
    '',
    '| | bar | signoff |',
    '| --- | --- | --- |',
    ...lines
      .filter(({ measure }) => quoted.test(measure))
      .map(({ measure, bar, cells }) => `| ${measure} | ${bar} | ${formatCell(cells['signoff'])} |`),
    '<!-- /figures -->',
  ].join('\n')
