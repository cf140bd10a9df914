import type { Page } from 'puppeteer-core'
import { type Answer, answers } from '../../support/openApiServer.ts'
import { click, eventually, expect, logIn, noteOf, readText, test, waitForFrames } from './promise.ts'
import { clearRecording, readRecording } from './recorder.ts'
import { startScreencast } from './screencast.ts'

const late: Answer = (response, request) => void setTimeout(() => answers.status(204)(response, request), 200)

/** What a moment of a tab shows of Ada and of the sign-in form. */
const kindOf = (text: string) => ({
  user: text.includes('ada@'),
  note: text.includes(noteOf('ada')),
  logoutButton: text.includes('Log out'),
  signInForm: text.includes('Signed out'),
})

const signedIn = { user: true, note: true, logoutButton: true, signInForm: false }
const signedOut = { user: false, note: false, logoutButton: false, signInForm: true }

/** First all moments of the session, then all moments after it: nothing in between, and nothing comes back. */
const expectOneChange = async (tab: Page): Promise<void> => {
  const { shown } = await readRecording(tab)
  const kinds = shown.map(({ text }) => kindOf(text))
  const first = kinds.findIndex(({ signInForm }) => signInForm)
  expect(first).toBeGreaterThan(0)
  expect(kinds).toEqual(kinds.map((_kind, index) => (index < first ? signedIn : signedOut)))
  expect(shown.slice(first).some(({ isFrame }) => isFrame)).toBe(true)
}

for (const [server, answer] of [
  ['answers at once', answers.status(204)],
  ['takes 200 ms', late],
  ['never answers', answers.never],
] as const) {
  test(`a logout is one change from one frame to the next, where the server ${server}`, async ({
    openTab,
    promises,
    site,
  }) => {
    site.answer('POST /api/auth/logout', answer)
    const tab = await openTab()
    await logIn(tab, 'ada')
    await waitForFrames(tab)
    await clearRecording(tab)
    await click(tab, 'Log out')
    await promises(async (eventually) => {
      await eventually(() => readText(tab)).toContain('Signed out')
      await waitForFrames(tab)
      await expectOneChange(tab)
      const { shown, events } = await readRecording(tab)
      const clicked = events.find(({ type }) => type === 'click')?.at ?? NaN
      // The very next frame is that of nobody.
      const next = shown.find(({ at, isFrame }) => isFrame && at > clicked)
      expect(kindOf(next?.text ?? '')).toEqual(signedOut)
    })
  })
}

test(
  'another tab is signed out from one frame to the next',
  { tag: '@short' },
  async ({ openTab, promises }) => {
    const first = await openTab()
    await logIn(first, 'ada')
    const second = await openTab()
    await eventually(() => readText(second)).toContain(noteOf('ada'))
    await clearRecording(second)
    await click(first, 'Log out')
    await second.bringToFront()
    await promises(async (eventually) => {
      await eventually(() => readText(second)).toContain('Signed out')
      await waitForFrames(second)
      await expectOneChange(second)
    })
  },
)

/** Leaves the notebook for another page, does something in a second tab, and comes back. */
const leaveAndComeBack = async (
  tab: Page,
  openTab: () => Promise<Page>,
  act: (second: Page) => Promise<void>,
) => {
  await tab.goto(new URL('/host.html', tab.url()).href)
  const second = await openTab()
  await eventually(() => readText(second)).toContain(noteOf('ada'))
  await act(second)
  await tab.bringToFront()
  await tab.evaluate(() => void setTimeout(() => window.history.back()))
  await eventually(() => readText(tab)).toContain('Log in as ada')
  await waitForFrames(tab)
}

test.describe('the back button', () => {
  test('brings a page of the session that is on back as it was', async ({ openTab }) => {
    const tab = await openTab()
    await logIn(tab, 'ada')
    await leaveAndComeBack(tab, openTab, async () => {})
    // Without this, the tests below would prove nothing.
    const { restored, shown } = await readRecording(tab)
    expect(restored.at(-1)).toBe(true)
    expect(shown.map(({ text }) => kindOf(text))).toEqual(shown.map(() => signedIn))
  })

  const logouts: [string, (second: Page) => Promise<unknown>][] = [
    ['a logout in another tab', (second) => click(second, 'Log out')],
    ['a page in another tab that only logs out', (second) => second.goto(`${second.url()}?logout`)],
  ]
  for (const [name, logOut] of logouts)
    test(
      `shows nothing of the user after ${name}, not for a frame`,
      { tag: '@short' },
      async ({ engine, openTab, promises }) => {
        const tab = await openTab()
        await logIn(tab, 'ada')
        const film = engine === 'chromium' ? await startScreencast(tab) : undefined
        let cameBackAt = Infinity
        await leaveAndComeBack(tab, openTab, async (second) => {
          await logOut(second)
          await eventually(() => second.evaluate(() => localStorage.length)).toBe(0)
          cameBackAt = Date.now()
        })
        const frames = await film?.stop()
        // The film can see a note.
        expect(frames?.some(({ note }) => note) ?? true).toBe(true)
        const painted = frames?.filter(({ at }) => at > cameBackAt)
        await promises(async () => {
          const { shown } = await readRecording(tab)
          expect(shown.filter(({ text }) => text.includes('ada@'))).toEqual([])
          expect(kindOf(await readText(tab))).toEqual(signedOut)
          if (!painted) return
          expect(painted.filter(({ user, note }) => user || note)).toEqual([])
          expect(painted.at(-1)).toMatchObject({ signInForm: true })
        })
      },
    )

  test('shows the next user’s page, and nothing of the user before', async ({ openTab, promises }) => {
    const tab = await openTab()
    await logIn(tab, 'ada')
    await leaveAndComeBack(tab, openTab, async (second) => {
      await click(second, 'Log out')
      await eventually(() => second.evaluate(() => localStorage.length)).toBe(0)
      await logIn(second, 'alan')
    })
    await promises(async (eventually) => {
      await eventually(() => readText(tab)).toContain(noteOf('alan'))
      const { shown } = await readRecording(tab)
      expect(shown.filter(({ text }) => text.includes('ada@'))).toEqual([])
    })
  })
})
