import { availableParallelism, loadavg } from 'node:os'
import { buildPages } from './buildPages.ts'
import type { Context } from './Context.ts'
import { contenders } from './contenders.ts'
import type { Line } from './Line.ts'
import { openBenchServer } from './openBenchServer.ts'
import { openBrowser } from './openBrowser.ts'
import { readSwitches } from './readSwitches.ts'
import { formatCell } from './report/formatCell.ts'
import { writeReport } from './report/writeReport.ts'
import { measureCounts } from './rows/measureCounts.ts'
import { measureHeap } from './rows/measureHeap.ts'
import { measureMount } from './rows/measureMount.ts'
import { measureQueries } from './rows/measureQueries.ts'
import { measureRequests } from './rows/measureRequests.ts'
import { measureSize } from './rows/measureSize.ts'
import { measureStart } from './rows/measureStart.ts'
import { measureSubscribers } from './rows/measureSubscribers.ts'
import { large, measureTime, small } from './rows/measureTime.ts'
import { measureUnguarded } from './rows/measureUnguarded.ts'

const rows: Record<string, (context: Context) => Promise<Line[]>> = {
  'logout-1k': measureTime(small),
  'logout-10k': measureTime(large),
  unguarded: measureUnguarded,
  subscribers: measureSubscribers,
  mount: measureMount,
  requests: measureRequests,
  start: measureStart,
  size: measureSize,
  queries: measureQueries,
  counts: measureCounts,
  heap: measureHeap,
}

const print = ({ measure, bar, result, cells }: Line): void => {
  const figures = Object.entries(cells).map(([contender, cell]) => `${contender} ${formatCell(cell)}`)
  console.log(`${measure} (${bar}: ${result}): ${figures.join('; ')}`)
}

/** Measures and prints what the command line asks for; writes the report where it asks for all rows and contenders. */
export const bench = async (): Promise<void> => {
  const { rows: names, select, rounds: asked, isComplete } = readSwitches(Object.keys(rows))
  const [rounds, fewRounds] = [asked ?? 27, asked ?? 9]
  const [load = 0] = loadavg()
  if (load > availableParallelism() / 4)
    console.warn(`The machine is busy (load ${load.toFixed(1)}): the times that follow say little.`)
  await buildPages(Array.from(new Set(contenders.map(({ script }) => script))))
  const server = await openBenchServer()
  const browser = await openBrowser()
  const context: Context = { browser, server, select, rounds, fewRounds }
  const lines: Line[] = []
  for (const name of names) {
    const since = Date.now()
    const all = (await rows[name]?.(context)) ?? []
    const measured = all.filter(({ cells }) => Object.keys(cells).length > 0)
    lines.push(...measured)
    measured.forEach(print)
    console.log(`[${name}: ${Math.round((Date.now() - since) / 1000)} s]`)
    // After each: what takes half an hour is not lost with its last row.
    if (isComplete) await writeReport({ browser: await browser.version(), rounds, fewRounds, lines })
  }
  await browser.close()
  await server.close()
}
