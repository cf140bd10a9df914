import { readFile, writeFile } from 'node:fs/promises'
import type { Results } from '../Line.ts'
import { createChart } from './createChart.ts'
import { createTable } from './createTable.ts'
import { figuresIn, quoteFigures } from './quoteFigures.ts'

const bench = new URL('../', import.meta.url)
const readme = new URL('../../../README.md', import.meta.url)

/** Writes all that was measured, as data, table and chart, and the figures that the README quotes. */
export const writeReport = async (results: Results): Promise<void> => {
  await writeFile(new URL('results.json', bench), `${JSON.stringify(results, undefined, 2)}\n`)
  await writeFile(new URL('results.md', bench), createTable(results))
  await writeFile(new URL('results.svg', bench), createChart(results))
  const text = await readFile(readme, 'utf8')
  await writeFile(
    readme,
    text.replace(figuresIn(text), () => quoteFigures(results)),
  )
}
