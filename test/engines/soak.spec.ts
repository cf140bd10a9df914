import type { CDPSession, Page } from 'puppeteer-core'
import { answers } from '../support/openApiServer.ts'
import type { Soak } from './pages/soak.tsx'
import { expect, newTab, test } from './promises/promise.ts'

/** How many requests one session sends: 30,000 in `npm run soak:browsers`. */
const count = Number(process.env['SOAK'] ?? 300)
const part = count / 10
/** So many before a logout that is compared: each alone would show. */
const share = Math.max(30, count / 30)

/** What the heap may grow by, whatever the count: what the engine itself takes. */
const noise = 3_000_000

declare const TestUtils: { gc: () => Promise<void> }
declare const soak: Soak

/** The listeners and the responses that are there; of Chromium also its heap, and all that it counts. */
type Figures = Record<'listeners' | 'survivors' | 'heap' | 'allListeners' | 'nodes', number>

const collect = async (tab: Page, devtools: CDPSession | null): Promise<void> => {
  for (let round = 0; round < 5; round += 1) {
    // A task later: what the current one holds on its stack is free.
    await tab.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)))
    if (devtools) await devtools.send('HeapProfiler.collectGarbage')
    else await tab.evaluate(() => TestUtils.gc())
  }
}

const measure = async (tab: Page, devtools: CDPSession | null): Promise<Figures> => {
  await collect(tab, devtools)
  const { metrics = [] } = (await devtools?.send('Performance.getMetrics')) ?? {}
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0
  const own = await tab.evaluate(() => ({ listeners: soak.listeners(), survivors: soak.survivors() }))
  return {
    ...own,
    heap: metric('JSHeapUsedSize'),
    allListeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
  }
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

test(`a session of ${count} requests leaves nothing behind, and its logout is as short as any`, async ({
  engine,
  launch,
  site,
}) => {
  test.setTimeout(300_000 + 60 * count)
  site.answer('GET /api/missing', answers.json({ message: 'Nothing' }, 404))
  const browser = await launch({
    extraPrefsFirefox: {
      // Its garbage collector is for tests alone, and its clock tells no more than milliseconds.
      'dom.testing.testutils.enabled': true,
      'privacy.reduceTimerPrecision': false,
    },
  })
  const tab = await newTab(browser)
  await tab.goto(`${site.origin}/soak.html`)
  await tab.waitForFunction(() => 'soak' in window)
  const devtools = engine === 'chromium' ? await tab.createCDPSession() : null
  await devtools?.send('Performance.enable')

  const acts = {
    request: (times: number) => tab.evaluate((each) => soak.request(each), times),
    refetch: (times: number) => tab.evaluate((each) => soak.refetch(each), times),
    replace: (times: number) => tab.evaluate((each) => soak.replace(each), times),
  }
  const logIn = () => tab.evaluate(() => soak.logIn())
  const logOut = () => tab.evaluate(() => soak.logOut())
  /** In portions: a driver waits for no answer for minutes. */
  const repeat = async (act: keyof typeof acts, times: number): Promise<void> => {
    for (let done = 0; done < times; done += 500) await acts[act](Math.min(500, times - done))
    // What the server remembers of them.
    site.requests.length = 0
  }

  const growth = async (act: keyof typeof acts, times: number): Promise<Figures> => {
    const before = await measure(tab, devtools)
    const start = Date.now()
    await repeat(act, times)
    const seconds = Math.round((Date.now() - start) / 1000)
    const after = await measure(tab, devtools)
    const grown = Object.fromEntries(
      Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Figures]]),
    ) as Figures
    console.log(`${engine}: ${times} × ${act} in ${seconds} s: ${JSON.stringify(grown)}`)
    return grown
  }
  const check = ({ listeners, survivors, heap, allListeners, nodes }: Figures): void => {
    expect(listeners).toBeLessThanOrEqual(0)
    expect(survivors).toBeLessThanOrEqual(0)
    expect(allListeners).toBeLessThan(10)
    expect(nodes).toBeLessThan(10)
    expect(heap).toBeLessThan(noise)
  }

  // What is compiled, cached and pooled once is so by then.
  for (let round = 0; round < 5; round += 1) {
    await logIn()
    await logOut()
  }
  await logIn()
  await repeat('request', Math.min(600, count))
  await repeat('refetch', 30)
  await repeat('replace', 30)

  check(await growth('request', count))
  expect(await tab.evaluate(() => soak.isSignedIn())).toBe(true)
  await collect(tab, devtools)
  const long = await logOut()
  await logIn()
  check(await growth('refetch', part))
  check(await growth('replace', part))

  const durations: { fresh: number[]; used: number[] } = { fresh: [], used: [] }
  for (let round = 0; round < 9; round += 1) {
    for (const name of ['fresh', 'used'] as const) {
      await logIn()
      await repeat('request', name === 'used' ? share : 1)
      // What is no longer held is not in the way.
      await collect(tab, devtools)
      durations[name].push(await logOut())
    }
  }
  const [fresh, used] = [median(durations.fresh), median(durations.used)]
  console.log(
    `${engine}: a logout takes ${fresh.toFixed(2)} ms, after ${share} requests ${used.toFixed(2)} ms, ` +
      `after ${count} ${long.toFixed(2)} ms`,
  )
  // A clock is not finer than that everywhere.
  expect(used).toBeLessThanOrEqual(1.5 * fresh + 1)
  // One alone may be interrupted by whatever else the machine does.
  expect(long).toBeLessThan(1.5 * Math.max(...durations.fresh) + 20)
})
