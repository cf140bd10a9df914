import type { Page } from 'puppeteer-core'
import { addressOf } from '../addressOf.ts'
import { byStores, type ContenderPage, signoff } from '../contenders.ts'
import type { Context } from '../Context.ts'
import { atMost, createLine } from '../createLine.ts'
import type { Cell, Line } from '../Line.ts'
import { withProfile } from '../openBrowser.ts'
import { summarize, summarizeRatio } from '../statistics.ts'

const cycles = 1000

/** A thousand cycles take a minute, and differ little from page to page. */
const rounds = 3

interface Kept {
  bytes: number
  nodes: number
  listeners: number
}

const readKept = async (page: Page): Promise<Kept> => {
  const devtools = await page.createCDPSession()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  for (let count = 0; count < 3; count += 1) await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters')
  await devtools.detach()
  return { bytes: usedSize, nodes, listeners: jsEventListeners }
}

/** What a login and logout leaves in the heap. */
export const measureHeap = async (context: Context): Promise<Line[]> => {
  const selected = context.select([signoff, byStores], byStores)
  const kept = new Map<ContenderPage, Kept[]>(selected.map((contender) => [contender, []]))
  const measure = (contender: ContenderPage): Promise<void> =>
    withProfile(context.browser, async (profile) => {
      const page = await profile.newPage()
      const settings = { subscribers: 10, cached: 20, observed: 10, isGuarded: true }
      await page.goto(addressOf(context.server.origin, contender, settings))
      await page.evaluate(() => window.bench.open(true))
      await page.evaluate(() => window.bench.cycle(100))
      const before = await readKept(page)
      await page.evaluate((times) => window.bench.cycle(times), cycles)
      const after = await readKept(page)
      kept.get(contender)?.push({
        bytes: (after.bytes - before.bytes) / cycles,
        nodes: after.nodes - before.nodes,
        listeners: after.listeners - before.listeners,
      })
    })
  // Nothing here is timed: both at once.
  for (let round = 0; round < Math.min(rounds, context.rounds); round += 1)
    await Promise.all(selected.map(measure))

  const read = (contender: ContenderPage, name: keyof Kept): number[] =>
    (kept.get(contender) ?? []).map((each) => each[name])
  const toCells = (create: (contender: ContenderPage) => Cell): Line['cells'] =>
    Object.fromEntries(selected.map((contender) => [contender.name, create(contender)]))
  const count = (name: 'nodes' | 'listeners'): Line['cells'] =>
    toCells((contender) => ({ value: summarize(read(contender, name)), unit: 'count' }))
  const bytes = toCells((contender) => ({
    value: summarizeRatio(read(contender, 'bytes'), read(byStores, 'bytes')),
    absolute: summarize(read(contender, 'bytes')),
    unit: 'bytes',
  }))
  const bar = { measure: 'heap kept by each of 1,000 logins and logouts', ...atMost(1.7, byStores.name) }
  return [
    createLine(bar, bytes),
    createLine({ measure: '… DOM nodes', bar: '0', limit: 0 }, count('nodes')),
    createLine({ measure: '… listeners', bar: '0', limit: 0 }, count('listeners')),
  ]
}
