/** What was measured of a contender. */
export interface Row {
  name: string
  /** Refresh requests, each time that they were counted. */
  refreshes: number[]
  /** Sessions. */
  lost: number
  /** Of so many. */
  runs: number
}

const formatRange = (values: number[]): string => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? String(least) : `${least} to ${most}`
}

/** What the documentation shows. */
export const createTable = (rows: Row[]): string =>
  [
    '| | refresh requests | sessions lost |',
    '| --- | --- | --- |',
    ...rows.map(
      ({ name, refreshes, lost, runs }) => `| ${name} | ${formatRange(refreshes)} | ${lost} of ${runs} |`,
    ),
    '',
  ].join('\n')
