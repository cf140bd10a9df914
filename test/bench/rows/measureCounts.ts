import { contenders, type ContenderPage, own } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { createLine } from '../createLine.ts'
import type { Cell, Line } from '../Line.ts'
import { type Measured, measureLogout, type Scenario } from '../measureLogout.ts'
import { openBenchServer } from '../openBenchServer.ts'
import { summarize } from '../statistics.ts'

type Read = (measured: Measured) => number

/** What counts of the others is not the spread. */
const rivalRounds = 3

/** Nothing here is timed: so many at once, each with a server that counts for it alone. */
const atOnce = 4

const measureEach = async (
  { browser, fewRounds, select }: Context,
  scenario: Scenario,
): Promise<Map<ContenderPage, Measured[]>> => {
  const selected = select(contenders)
  const results = new Map<ContenderPage, Measured[]>(selected.map((contender) => [contender, []]))
  const waiting = selected.flatMap((contender) =>
    Array.from({ length: own.includes(contender) ? fewRounds : rivalRounds }, () => contender),
  )
  const work = async (): Promise<void> => {
    const server = await openBenchServer()
    for (let contender = waiting.shift(); contender; contender = waiting.shift())
      results.get(contender)?.push(await measureLogout({ browser, server }, contender, scenario))
    await server.close()
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

const toCells = (all: Map<ContenderPage, Measured[]>, read: Read): Line['cells'] =>
  Object.fromEntries(
    Array.from(all, ([{ name }, runs]): [string, Cell] => [
      name,
      { value: summarize(runs.map(read)), unit: 'count' },
    ]),
  )

/** Frames, requests, renders, and what is left. */
export const measureCounts = async (context: Context): Promise<Line[]> => {
  const page = { subscribers: 1000, cached: 100, observed: 100 }
  const settle = 1200
  const guarded = await measureEach(context, { delay: 200, ...page, isGuarded: true, settle })
  const active = await measureEach(context, { delay: 0, ...page, settle })
  const twice = await measureEach(context, { delay: 200, ...page, clicks: 2, settle })
  const tabs = await measureEach(context, { delay: 0, ...page, subscribers: 10, tabs: 5, settle })
  const busy = await measureEach(context, {
    delay: 0,
    ...page,
    subscribers: 10,
    isGuarded: true,
    isBusy: true,
    settle: 2000,
  })
  const line = (measure: string, limit: number, all: typeof guarded, read: Read): Line =>
    createLine({ measure, bar: String(limit), limit }, toCells(all, read))
  const countRequests: Read = ({ requests }) => requests.length
  return [
    line('mixed frames', 0, guarded, ({ mixedFrames }) => mixedFrames),
    line('requests of one logout, 100 active queries', 1, active, countRequests),
    line('… of a double click', 1, twice, countRequests),
    line('… with five tabs', 1, tabs, countRequests),
    line(
      'renders of each subscribed component',
      1,
      guarded,
      ({ renders }) => renders.subscriber / page.subscribers,
    ),
    line(
      'renders of public and unrelated components',
      0,
      guarded,
      ({ renders }) => renders.public + renders.unrelated,
    ),
    line('left after 2 s: DOM nodes', 0, busy, ({ left }) => left.nodes),
    line('… cache entries', 0, busy, ({ left }) => left.cached),
    line('… storage entries', 0, busy, ({ left }) => left.stored),
  ]
}
