import type { BrowserContext, Page } from 'puppeteer-core'
import { handOutPairs, type TokenServer } from '../support/handOutPairs.ts'
import type { Lasting } from './pages/refresh.tsx'
import { eventually, expect, newTab, noteOf, press, readText, test } from './promises/promise.ts'

declare const lasting: Lasting

/** `npm test` does it once. */
const times = process.env['SHORT'] ? 1 : 20

const hour = 3_600_000

const openTab = async (profile: BrowserContext, server: TokenServer): Promise<Page> => {
  const tab = await newTab(profile)
  await tab.goto(`${server.origin}/refresh.html`)
  await tab.waitForFunction(() => 'lasting' in window)
  return tab
}

/** Tabs of one session, which show what is private. */
const openTabs = async (profile: BrowserContext, server: TokenServer, count: number): Promise<Page[]> => {
  const tabs: Page[] = []
  while (tabs.length < count) {
    const tab = await openTab(profile, server)
    tabs.push(tab)
    if (tabs.length === 1) {
      await tab.locator('::-p-text(Log in as ada)').wait()
      await press(tab, 'Log in as ada')
    }
    await eventually(() => readText(tab)).toContain(noteOf('ada'))
  }
  return tabs
}

const ask = (tab: Page, count: number): Promise<string[]> => tab.evaluate((each) => lasting.ask(each), count)

const getToken = (tab: Page): Promise<string | null> => tab.evaluate(() => lasting.getToken())

const answered = (count: number): string[] => Array.from({ length: count }, () => `["${noteOf('ada')}"]`)

/** All ask at once, ten times each. Resolves with the milliseconds until the last of them was answered. */
const wakeTogether = async (tabs: Page[]): Promise<number> => {
  await Promise.all(tabs.map((tab) => tab.evaluate(() => lasting.askLater(10))))
  await tabs[0]?.evaluate(() => lasting.wake())
  const took: number[] = []
  for (const tab of tabs) {
    const woken = await tab.evaluate(() => lasting.readAnswers())
    expect(woken?.answers).toEqual(answered(10))
    took.push(woken?.milliseconds ?? NaN)
  }
  return Math.max(...took)
}

/** They all go on with the newest token. */
const expectSignedIn = async (tabs: Page[], server: TokenServer): Promise<void> => {
  const token = Array.from(server.sessions.keys()).at(-1)
  for (const tab of tabs) {
    await eventually(() => getToken(tab)).toBe(token)
    await eventually(() => tab.evaluate(() => lasting.countFetching())).toBe(0)
    expect(await readText(tab)).toContain(noteOf('ada'))
  }
  expect(server.alive()).toEqual(['ada@example.com'])
  expect(server.alarms).toEqual([])
}

test(`ten tabs that wake together with an expired token refresh it once, ${times} times of ${times}`, async ({
  engine,
  profile,
  site,
}) => {
  const server = handOutPairs(site)
  const tabs = await openTabs(profile, server, 10)
  const took: number[] = []
  for (let round = 1; round <= times; round += 1) {
    const before = server.refreshes().length
    server.expire()
    took.push(await wakeTogether(tabs))
    expect(server.refreshes()).toHaveLength(before + 1)
    await expectSignedIn(tabs, server)
  }
  took.sort((a, b) => a - b)
  const [median, maximum] = [took[took.length >> 1], took.at(-1)].map((each) => each?.toFixed(0))
  console.log(
    `${engine}: ten tabs were answered ${median} ms (median), ${maximum} ms (maximum) after they woke`,
  )
})

test(`a laptop that slept through the expiry refreshes once, and sends no token that has expired, ${times} times of ${times}`, async ({
  profile,
  site,
}) => {
  const server = handOutPairs(site)
  const tabs = await openTabs(profile, server, 3)
  for (let round = 1; round <= times; round += 1) {
    server.expire()
    server.requests.length = 0
    for (const tab of tabs) await tab.evaluate((slept) => lasting.moveClock(slept), hour)
    await wakeTogether(tabs)
    expect(server.refreshes()).toHaveLength(1)
    await expectSignedIn(tabs, server)
    const [token] = server.sessions.keys()
    const sent = server.requests.flatMap((request) => request.token ?? [])
    expect(sent.length).toBeGreaterThanOrEqual(30)
    expect(new Set(sent)).toEqual(new Set([token]))
  }

  // A clock that is set back is wrong, and signs nobody out.
  for (const tab of tabs) await tab.evaluate((back) => lasting.moveClock(back), -2 * hour)
  server.requests.length = 0
  await wakeTogether(tabs)
  expect(server.refreshes()).toEqual([])
  await expectSignedIn(tabs, server)
})

test('a tab that is closed in the middle of a refresh keeps no other from it, and nobody is signed out', async ({
  profile,
  site,
}) => {
  const server = handOutPairs(site, true)
  const [closing, ...others] = await openTabs(profile, server, 4)
  const before = server.refreshes().length
  const release = server.holdAnswer()
  server.expire()
  // The page that would answer is gone by then.
  void ask(closing as Page, 10).catch(() => {})
  await eventually(() => server.refreshes().length).toBe(before + 1)
  const asked = Promise.all(others.map((tab) => ask(tab, 10)))
  await eventually(() => others[0]?.evaluate(() => lasting.countWaiting())).toBe(others.length)
  await closing?.close()
  for (const answers of await asked) expect(answers).toEqual(answered(10))
  expect(server.refreshes()).toHaveLength(before + 2)
  await expectSignedIn(others, server)
  release()

  server.expire()
  await wakeTogether(others)
  expect(server.refreshes()).toHaveLength(before + 3)
  await expectSignedIn(others, server)
})

for (const [which, index] of [
  ['the tab that refreshes', 0],
  ['another tab', 1],
] as const) {
  test(`a logout of ${which} in the middle of a refresh brings nobody back, and the token that arrives late is revoked`, async ({
    profile,
    site,
  }) => {
    const server = handOutPairs(site)
    const tabs = await openTabs(profile, server, 3)
    const before = server.refreshes().length
    const release = server.holdAnswer()
    server.expire()
    const asked = ask(tabs[0] as Page, 1)
    await eventually(() => server.refreshes().length).toBe(before + 1)
    const [late] = server.sessions.keys()
    const left = tabs[index]?.evaluate(() => lasting.logOut())

    // Nobody waits for the answer.
    for (const tab of tabs) await eventually(() => readText(tab)).toContain('Signed out')
    expect(String(await asked)).toContain('SessionEndedError')
    expect(await tabs[0]?.evaluate(() => ({ ...localStorage }))).toEqual({})
    expect(server.alive()).toEqual(['ada@example.com'])
    release()

    expect(await left).toBe(true)
    await eventually(() => server.alive()).toEqual([])
    expect(server.received('POST /api/auth/logout').map(({ token }) => token)).toContain(late)
    for (const tab of tabs) {
      expect(await getToken(tab)).toBeNull()
      expect(await readText(tab)).toContain('Signed out')
    }
    expect(await tabs[0]?.evaluate(() => ({ ...localStorage }))).toEqual({})

    // The next user is nobody's but his own.
    await press(tabs[2] as Page, 'Log in as alan')
    for (const tab of tabs) await eventually(() => readText(tab)).toContain(noteOf('alan'))
    expect(server.alive()).toEqual(['alan@example.com'])
  })
}
