import { buildPages } from './buildPages.ts'
import type { Context } from './Context.ts'
import { contenders } from './contenders.ts'
import type { Line } from './Line.ts'
import { openBenchServer } from './openBenchServer.ts'
import { openBrowser } from './openBrowser.ts'
import { formatCell } from './report/formatCell.ts'
import { writeReport } from './report/writeReport.ts'
import { measureCounts } from './rows/measureCounts.ts'
import { measureGrowth } from './rows/measureGrowth.ts'
import { measureHeap } from './rows/measureHeap.ts'
import { measureSize } from './rows/measureSize.ts'
import { measureStart } from './rows/measureStart.ts'
import { measureTime } from './rows/measureTime.ts'

const rows: Record<string, (context: Context) => Promise<Line[]>> = {
  time: measureTime,
  size: measureSize,
  start: measureStart,
  growth: measureGrowth,
  counts: measureCounts,
  heap: measureHeap,
}

/** Measures everything and writes the report; `ROWS` measures a part of it, `RUNS` in so many rounds, and only prints. */
export const bench = async (): Promise<void> => {
  const { ROWS, RUNS } = process.env
  const names = ROWS?.split(',') ?? Object.keys(rows)
  await buildPages(Array.from(new Set(contenders.map(({ script }) => script))))
  const server = await openBenchServer()
  const browser = await openBrowser()
  const context: Context = { browser, server, rounds: Number(RUNS ?? 27), fewRounds: Number(RUNS ?? 9) }
  const lines: Line[] = []
  for (const name of names) {
    const since = Date.now()
    const measured = (await rows[name]?.(context)) ?? []
    for (const { measure, bar, cells } of measured) {
      const figures = Object.entries(cells).map(([contender, cell]) => `${contender} ${formatCell(cell)}`)
      console.log(`${measure} (${bar}): ${figures.join('; ')}`)
    }
    console.log(`[${name}: ${Math.round((Date.now() - since) / 1000)} s]`)
    lines.push(...measured)
    const { rounds, fewRounds } = context
    if (!ROWS && !RUNS) await writeReport({ browser: await browser.version(), rounds, fewRounds, lines })
  }
  await browser.close()
  await server.close()
}
