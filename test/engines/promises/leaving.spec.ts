import type { Page } from 'puppeteer-core'
import { answers, type ApiServer, openApiServer } from '../../support/openApiServer.ts'
import { expect, logIn, openNotebook, test } from './promise.ts'

/** What a user does in the moment of the logout, in its very task where a page can do that itself. */
const ways: Record<string, (tab: Page) => Promise<unknown>> = {
  'reloads the page': (tab) =>
    tab.evaluate(() => {
      document.querySelector<HTMLElement>('header ~ button')?.click()
      window.location.reload()
    }),
  'leaves for another page': (tab) =>
    tab.evaluate(() => {
      document.querySelector<HTMLElement>('header ~ button')?.click()
      window.location.href = '/host.html'
    }),
  'closes the tab': async (tab) => {
    await tab.evaluate(() => document.querySelector<HTMLElement>('header ~ button')?.click())
    await tab.close()
  },
}

/** `npm test` does it less often. */
const times = process.env['SHORT'] ? 3 : 20

let api: ApiServer
test.beforeEach(async () => {
  api = await openApiServer()
  // Requests to another origin ask for leave first (CORS preflight): each time, and the server is far away.
  api.answer('OPTIONS /api/auth/logout', (response, request) => {
    setTimeout(() => answers.status(204, { 'Access-Control-Max-Age': '0' })(response, request), 200)
  })
})
test.afterEach(() => api.close())

for (const [way, leave] of Object.entries(ways)) {
  test(`the server hears of a logout after which the user ${way}, ${times} times of ${times}`, async ({
    engine,
    launch,
    promises,
    site,
  }) => {
    test.slow()
    // A page that is kept for the back button goes on for a while.
    const browser = await launch({
      args: [engine === 'webkit' ? '--enable-page-cache=false' : '--disable-features=BackForwardCache'],
      extraPrefsFirefox: { 'browser.sessionhistory.max_total_viewers': 0 },
    })
    await promises(async (eventually) => {
      for (let round = 1; round <= times; round += 1) {
        const tab = await openNotebook(browser.defaultBrowserContext(), `${site.page}?api=${api.baseUrl}`)
        await logIn(tab, 'ada')
        // The page that would answer is gone.
        void leave(tab).catch(() => {})
        await eventually(() => api.received('POST /api/auth/logout').length).toBe(round)
        expect([...api.sessions.keys()]).toEqual([])
        if (!tab.isClosed()) await tab.close()
      }
      expect(api.preflights.filter((path) => path === '/api/auth/logout')).toHaveLength(times)
    })
  })
}
