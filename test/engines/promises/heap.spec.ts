import { randomUUID } from 'node:crypto'
import type { Page } from 'puppeteer-core'
import { type ApiServer, answers } from '../../support/openApiServer.ts'
import { eventually, expect, newTab, press, readText, test, waitForFrames } from './promise.ts'
import { bearer, newPerson } from '../notebook.ts'
import { findHolders } from './heapSnapshot.ts'

/** Strings in the heap that hold the note, and the token. */
const readHeap = async (tab: Page, secrets: string[]): Promise<string[][]> => {
  const devtools = await tab.createCDPSession()
  const holders: string[][] = []
  for (const secret of secrets) holders.push(await findHolders(devtools, secret))
  await devtools.detach()
  return holders
}

test.beforeEach(({ build, engine }) => {
  test.skip(engine !== 'chromium', 'Chromium alone gives a driver a snapshot of its heap')
  test.skip(build === 'preact', 'Preact keeps what a component that stays has rendered before')
})

/** Not in a tab that is recorded: the recorder would hold what it saw. */
const signIn = async (tab: Page, site: ApiServer, url: string): Promise<string[]> => {
  const note = `note ${randomUUID()}`
  site.answer('GET /api/notes', answers.json([note]))
  await tab.goto(url)
  await eventually(() => readText(tab)).toContain('Log in as ada')
  await press(tab, 'Log in as ada')
  await eventually(() => readText(tab)).toContain(note)
  const [token = ''] = site.sessions.keys()
  return [note, token]
}

const signOut = async (tab: Page, site: ApiServer): Promise<void> => {
  await press(tab, 'Log out')
  await eventually(() => readText(tab)).toContain('Signed out')
  await eventually(() => site.sessions.size).toBe(0)
  // What the server said arrives, and is shown.
  await waitForFrames(tab)
}

test('after a logout the heap holds neither the token nor the note', async ({
  build,
  profile,
  promises,
  site,
}) => {
  const tab = await newTab(profile)
  const secrets = await signIn(tab, site, site.page)
  const before = await readHeap(tab, secrets)
  expect(before[0]?.length).toBeGreaterThan(0)
  // The naive build reads it from the storage each time.
  if (build !== 'naive') expect(before[1]?.length).toBeGreaterThan(0)

  await signOut(tab, site)
  const after = await readHeap(tab, secrets)
  const counts = (all: string[][]): string => all.map(({ length }) => length).join(' and ')
  console.log(`${build}: strings with the note and the token: ${counts(before)}, after ${counts(after)}`)
  await promises(async () => {
    expect(after).toEqual([[], []])
  })
})

test(
  'a component that shows the user and is never unmounted leaves nothing of the user in the heap',
  { tag: '@long' },
  async ({ build, profile, site }) => {
    test.skip(build === 'naive', 'nothing that signoff promises')
    const tab = await newTab(profile)
    const email = 'ada@example.com'
    await signIn(tab, site, `${site.page}?footer`)
    expect((await readHeap(tab, [email]))[0]).not.toEqual([])
    await signOut(tab, site)
    expect(await readHeap(tab, [email])).toEqual([[]])
  },
)

test(
  'after a logout of the example the heap holds nothing of the user, nor the password',
  { tag: '@long' },
  async ({ baseURL, build, profile, request }) => {
    test.skip(build === 'naive', 'the example is built on signoff')
    const person = newPerson('Grace', `Hopper ${randomUUID()}`)
    const answer = await request.post(`${baseURL}/api/auth/register`, { data: person })
    const session = (await answer.json()) as { token: string }
    const note = `note ${randomUUID()}`
    await request.post(`${baseURL}/api/notes`, { ...bearer(session.token), data: { text: note } })
    const tab = await newTab(profile)
    const read = (): Promise<string> => tab.evaluate(() => document.body.textContent ?? '').catch(() => '')
    await tab.goto(baseURL ?? '')
    await eventually(read).toContain('Sign in')
    await tab.evaluate(() => document.querySelector<HTMLElement>('input[name=email]')?.focus())
    await tab.keyboard.type(person.email)
    await tab.keyboard.press('Tab')
    await tab.keyboard.type(person.password)
    await tab.keyboard.press('Enter')
    await eventually(read).toContain(note)
    const stored = await tab.evaluate(() => localStorage.getItem('token') ?? '')
    const { token, refreshToken } = JSON.parse(stored) as { token: string; refreshToken: string }

    const secrets = [note, token, refreshToken, person.lastName, person.password, person.email]
    const before = await readHeap(tab, secrets.slice(0, 4))
    expect(before.filter(({ length }) => length === 0)).toEqual([])
    await press(tab, 'Log out')
    await eventually(read).toContain('token revoked')
    await waitForFrames(tab)
    const after = await readHeap(tab, secrets)
    // Chromium validates an e-mail address by a regular expression of its own, and remembers the last match.
    const isValidation = (path: string): boolean =>
      path.includes('(system / NativeContext) .regexp_last_match_info')
    expect(after.map((holders) => holders.filter((path) => !isValidation(path)))).toEqual(
      secrets.map(() => []),
    )
  },
)
