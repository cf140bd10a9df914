import { expect, test } from '@playwright/test'
import puppeteer, { type Page } from 'puppeteer-core'
import { findBrowser } from '../engines/installBrowser.mjs'
import type { Leniency } from './createFamily.ts'
import { createFates, noFates } from './createFates.ts'
import { createTable, type Row } from './createTable.ts'
import { openRivalServer, type RivalServer } from './openRivalServer.ts'
import { type Outcome, playRun, type Run } from './playRun.ts'
import { chosenRivals, type Rival } from './rivals.ts'

const runs = Number(process.env['RUNS'] ?? 200)

/** `GRACE=1`: where the last refresh token works for ten seconds more. */
const leniency: Leniency = process.env['GRACE'] ? 'ten seconds' : 'strict'

/** How often the requests are counted. */
const counts = 3

let servers: RivalServer[]
let tabs: Page[]
let close: () => Promise<unknown>

test.beforeAll(async () => {
  servers = await Promise.all(
    Array.from({ length: Math.max(...chosenRivals.map(({ atOnce }) => atOnce)) }, openRivalServer),
  )
  const browser = await puppeteer.launch({
    executablePath: findBrowser('chromium') ?? '',
    protocolTimeout: 600_000,
    // Chromium refuses its sandbox to root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  tabs = []
  while (tabs.length < 20) {
    const tab = await browser.newPage()
    await tab.goto(`${servers[0]?.origin}/page/`)
    tabs.push(tab)
  }
  close = () => Promise.all([browser.close(), ...servers.map((server) => server.close())])
})

test.afterAll(() => close())

/** Plays all runs, as many at once as there are slots. */
const playAll = async (queue: Run[], among: Page[], { atOnce }: Rival): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  const playNext = async (server: RivalServer): Promise<void> => {
    for (let run = queue.shift(); run; run = queue.shift()) outcomes.push(await playRun(run, among, server))
  }
  await Promise.all(servers.slice(0, atOnce).map(playNext))
  return outcomes
}

/** Refresh requests of ten tabs with ten requests each, to a server that takes whatever it has given out. */
const countRefreshes = async (rival: Rival): Promise<number[]> => {
  const { script } = rival
  const queue = Array.from({ length: counts }, (_, index): Run => {
    return { name: `count-${index}`, script, leniency: 'every one', fates: noFates, times: 10 }
  })
  const outcomes = await playAll(queue, tabs.slice(0, 10), { ...rival, atOnce: 1 })
  return outcomes.map(({ refreshes }) => refreshes)
}

const countLost = async (rival: Rival): Promise<number> => {
  const { script } = rival
  const queue = Array.from({ length: runs }, (_, index): Run => {
    return { name: `run-${index}`, script, leniency, fates: createFates(index), times: 5 }
  })
  return (await playAll(queue, tabs, rival)).filter(({ isLost }) => isLost).length
}

test('signoff refreshes once for ten tabs and a hundred requests, and loses no session', async () => {
  const rows: Row[] = []
  for (const rival of chosenRivals) {
    const start = performance.now()
    const row: Row = {
      name: rival.name,
      refreshes: await countRefreshes(rival),
      lost: await countLost(rival),
      runs,
    }
    console.log(JSON.stringify(row), `${Math.round((performance.now() - start) / 1000)} s`)
    rows.push(row)
  }
  console.log(createTable(rows))

  const own = rows.find(({ name }) => name === 'signoff')
  if (own) expect(own).toMatchObject({ refreshes: Array.from({ length: counts }, () => 1), lost: 0 })
})
