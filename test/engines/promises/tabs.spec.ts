import type { Page } from 'puppeteer-core'
import { answers } from '../../support/openApiServer.ts'
import { click, eventually, expect, logIn, noteOf, readText, test } from './promise.ts'
import { clearRecording, readRecording } from './recorder.ts'

const signedOut = 'Signed out'

test('ten tabs are signed out by one, without focus or click and with one request', async ({
  engine,
  openTab,
  promises,
  site,
}) => {
  const first = await openTab()
  await logIn(first, 'ada')
  const others: Page[] = []
  for (let count = 1; count < 10; count += 1) {
    // The last one has a request on its way that is never answered.
    if (count === 9) site.answer('GET /api/notes', answers.never)
    const tab = await openTab()
    if (count < 9) await eventually(() => readText(tab)).toContain(noteOf('ada'))
    others.push(tab)
  }
  await first.bringToFront()
  for (const tab of others) {
    // There each is a window of its own.
    if (engine !== 'webkit') expect(await tab.evaluate(() => document.visibilityState)).toBe('hidden')
    await clearRecording(tab)
  }
  await clearRecording(first)

  await click(first, 'Log out')
  await promises(async (eventually) => {
    const delays = []
    for (const tab of [first, ...others]) await eventually(() => readText(tab)).toContain(signedOut)
    const clickedAt = (await readRecording(first)).events.find(({ type }) => type === 'click')?.at ?? NaN
    for (const tab of [first, ...others]) {
      const { shown, events } = await readRecording(tab)
      if (tab !== first) expect(events).toEqual([])
      const commit = shown.find(({ text }) => text.includes(signedOut))
      delays.push((commit?.at ?? NaN) - clickedAt)
      expect(await tab.evaluate(() => ({ ...localStorage, ...sessionStorage }))).toEqual({})
    }
    delays.sort((a, b) => a - b)
    const [median, maximum] = [delays[5], delays[9]].map((delay) => delay?.toFixed(1))
    console.log(
      `${engine}: ten tabs signed out ${median} ms (median), ${maximum} ms (maximum) after the click`,
    )

    // A tab that nobody told who ended the session sees to its token a second later.
    await first.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1500)))
    expect(site.received('POST /api/auth/logout')).toHaveLength(1)
    expect([...site.sessions.keys()]).toEqual([])
  })
})

test('ten tabs move over to the next user, and forget the first one’s data before', async ({
  openTab,
  promises,
}) => {
  const first = await openTab()
  await logIn(first, 'ada')
  const tabs = [first]
  while (tabs.length < 10) {
    const tab = await openTab()
    await eventually(() => readText(tab)).toContain(noteOf('ada'))
    tabs.push(tab)
  }

  await click(first, 'Log in as alan')
  await promises(async (eventually) => {
    for (const tab of tabs) {
      await eventually(() => readText(tab)).toContain(noteOf('alan'))
      const { shown } = await readRecording(tab)
      const texts = shown.map(({ text }) => text)
      const firstOfAlan = texts.findIndex((text) => text.includes('alan@'))
      expect(firstOfAlan).toBeGreaterThan(0)
      expect(texts.slice(firstOfAlan).filter((text) => text.includes('ada@'))).toEqual([])
      expect(texts.filter((text) => text.includes('ada@') && text.includes('alan@'))).toEqual([])
      // What is Alan’s comes from the server, so there is a moment that shows nobody's notes.
      expect(texts[firstOfAlan]).not.toContain('private note')
    }
  })
})
