import { PredefinedNetworkConditions } from 'puppeteer-core'
import { answers } from '../../support/openApiServer.ts'
import { click, eventually, expect, logIn, noteOf, readText, test } from './promise.ts'

const logout = 'POST /api/auth/logout'

test('offline: signed out at once, revoked when back, and the next user is untouched', async ({
  engine,
  openTab,
  promises,
  site,
}) => {
  test.skip(engine === 'webkit', 'WebKit’s driver takes no page offline')
  const first = await openTab()
  await logIn(first, 'ada')
  const second = await openTab()
  await eventually(() => readText(second)).toContain(noteOf('ada'))
  const [token = ''] = site.sessions.keys()
  await first.setOfflineMode(true)

  await click(first, 'Log out')
  await promises(async (eventually) => {
    await eventually(() => readText(first)).toContain('Signed out')
    await eventually(() => readText(second)).toContain('Signed out')
    expect(await first.evaluate(() => localStorage.length)).toBe(0)
    expect([...site.sessions.keys()]).toEqual([token])
    await logIn(second, 'alan')

    await first.setOfflineMode(false)
    await eventually(() => site.received(logout).map((request) => request.token)).toEqual([token])
    await eventually(() => readText(first)).toContain(noteOf('alan'))
    expect(await readText(second)).toContain(noteOf('alan'))
    expect([...site.sessions.values()].map(({ email }) => email)).toEqual(['alan@example.com'])
  })
})

test('a server that hangs keeps nobody in, and the next user out of nothing', async ({
  openTab,
  promises,
  site,
}) => {
  site.answer(logout, answers.never)
  const tab = await openTab()
  await logIn(tab, 'ada')
  site.answer('GET /api/notes', answers.never)
  await click(tab, 'Log out')
  await promises(async (eventually) => {
    await eventually(() => readText(tab)).toContain('Signed out')
    await eventually(() => site.received(logout).length).toBe(1)
    site.answer('GET /api/notes', answers.json([noteOf('alan')]))
    await logIn(tab, 'alan')
    expect(await readText(tab)).not.toContain('ada@')
  })
})

test('on a slow line the user is out before the server has answered', async ({
  engine,
  openTab,
  promises,
  site,
}) => {
  test.skip(engine !== 'chromium', 'No driver slows another engine down')
  const tab = await openTab()
  await logIn(tab, 'ada')
  await tab.emulateNetworkConditions(PredefinedNetworkConditions['Slow 3G'])
  const next = await tab.evaluate(async () => {
    document.querySelector<HTMLElement>('header ~ button')?.click()
    await new Promise(requestAnimationFrame)
    return { at: performance.now(), text: document.body.textContent }
  })
  const readAnswers = (): Promise<number[]> =>
    tab.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('/auth/logout'))
        .map(({ startTime, duration }) => startTime + duration),
    )
  await promises(async (eventually) => {
    expect(next.text).toContain('Signed out')
    await eventually(readAnswers).toHaveLength(1)
    const [answeredAt = 0] = await readAnswers()
    // The line is slow: a round trip takes some two seconds.
    expect(answeredAt - next.at).toBeGreaterThan(400)
    expect(site.sessions.size).toBe(0)
  })
})

test('with a service worker in between, the server hears of a logout from a tab that is closed', async ({
  openTab,
  promises,
  site,
}) => {
  const tab = await openTab()
  await tab.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js')
    await navigator.serviceWorker.ready
  })
  await tab.reload()
  await eventually(() => tab.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  await logIn(tab, 'ada')
  expect(site.received('GET /api/notes').at(-1)?.headers['x-passed-through']).toBe('worker')
  const second = await openTab()
  await eventually(() => readText(second)).toContain(noteOf('ada'))

  await tab.evaluate(() => document.querySelector<HTMLElement>('header ~ button')?.click())
  await tab.close()
  await promises(async (eventually) => {
    await eventually(() => readText(second)).toContain('Signed out')
    await eventually(() => site.received(logout).length).toBe(1)
    expect(site.sessions.size).toBe(0)
  })
})
