import { expect, type Page, test } from '@playwright/test'
import './window.ts'
import { createHolds } from './createHolds.ts'
import { type OAuthSite, openOAuthSite } from './openOAuthSite.ts'

const home = 'https://app.example.com/'
const exchange = 'POST https://login.example.com/token'

let site: OAuthSite
let holds: ReturnType<typeof createHolds>

test.describe.configure({ mode: 'serial' })

test.beforeEach(async () => {
  holds = createHolds()
  site = await openOAuthSite(holds.pass)
})

test.afterEach(() => site.close())

const open = async (): Promise<Page> => {
  const context = await site.browser.newContext()
  const page = await context.newPage()
  await page.goto(home)
  return page
}

/** On the pages of the provider: a name and a password, then consent. */
const signIn = async (page: Page, name: string): Promise<void> => {
  await page.getByPlaceholder('Enter any login').fill(name)
  await page.getByPlaceholder('and password').fill('correct horse')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

const logIn = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await signIn(page, name)
}

/** The addresses that one can go back to. */
const historyOf = (page: Page) =>
  page.evaluate(() => {
    const { navigation } = window as unknown as { navigation: { entries: () => { url: string }[] } }
    return navigation.entries().map(({ url }) => url)
  })

/** How many tokens live at the provider. */
const living = async () => (await site.provider.living()).length

const stateOf = (page: Page) => page.evaluate(() => window.authClient.getState())

test('logs in once, although StrictMode starts the callback twice, and leaves no code in the address or the history', async () => {
  const page = await open()
  await logIn(page, 'ada')
  await expect(page.getByRole('main')).toContainText('ada: private note of ada')
  expect(site.provider.exchanges()).toBe(1)
  expect(await living()).toBe(2)
  expect(page.url()).toBe(home)
  expect((await historyOf(page)).join()).not.toContain('code=')
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([])

  await page.reload()
  await expect(page.getByRole('main')).toContainText('ada: private note of ada')
})

test(
  'a token that has expired is refreshed, and a logout then revokes all that the login has brought',
  { tag: '@long' },
  async () => {
    const page = await open()
    await logIn(page, 'ada')
    await expect(page.getByRole('main')).toContainText('private note of ada')
    const { token } = await stateOf(page)
    await site.provider.expire(token ?? '')
    const notes = await page.evaluate(() => window.authClient.api('notes').json())
    expect(notes).toEqual(['private note of ada'])
    expect((await stateOf(page)).token).not.toBe(token)

    expect(await page.evaluate(() => window.authClient.logout())).toMatchObject({
      revoked: true,
      status: 200,
    })
    expect(await living()).toBe(0)
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  },
)

test('two tabs whose token has expired refresh it once, so that no refresh token is used twice', async () => {
  const page = await open()
  await logIn(page, 'ada')
  await expect(page.getByRole('main')).toContainText('private note of ada')
  const other = await page.context().newPage()
  await other.goto(home)
  await expect(other.getByRole('main')).toContainText('private note of ada')
  const ask = (tab: Page) => tab.evaluate(() => window.authClient.api('notes').json())
  const notes = ['private note of ada']
  for (let round = 1; round <= 5; round += 1) {
    await site.provider.expire((await stateOf(page)).token ?? '')
    expect(await Promise.all([ask(page), ask(other)])).toEqual([notes, notes])
    expect(site.provider.refreshes()).toBe(round)
    expect((await stateOf(page)).token).toBe((await stateOf(other)).token)
  }
  expect(site.provider.reuses()).toBe(0)

  await page.evaluate(() => window.authClient.logout())
  await expect(other.getByRole('button', { name: 'Log in', exact: true })).toBeVisible()
  expect(await living()).toBe(0)
})

/** The refresh token that the page has stored. */
const refreshTokenOf = (page: Page) =>
  page.evaluate(
    () => (JSON.parse(localStorage.getItem('token') ?? '{}') as { refreshToken: string }).refreshToken,
  )

test(
  'a refresh token that somebody else uses once more ends all that the login has brought, here too',
  { tag: '@long' },
  async () => {
    const page = await open()
    await logIn(page, 'ada')
    await expect(page.getByRole('main')).toContainText('private note of ada')
    const stolen = await refreshTokenOf(page)
    await site.provider.expire((await stateOf(page)).token ?? '')
    await page.evaluate(() => window.authClient.api('notes').json())
    expect(await refreshTokenOf(page)).not.toBe(stolen)
    expect(await living()).toBe(2)

    expect(await site.provider.use(stolen)).toBe(400)
    expect(site.provider.reuses()).toBe(1)
    expect(await living()).toBe(0)
    const asked = page.evaluate(() => window.authClient.api('notes').then(() => 'answered', String))
    expect(await asked).toContain('ended')
    expect(await stateOf(page)).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  },
)

test(
  'a logout revokes the refresh token (RFC 7009) where the access token has expired by then',
  { tag: '@long' },
  async () => {
    const page = await open()
    await logIn(page, 'ada')
    await expect(page.getByRole('main')).toContainText('private note of ada')
    await site.provider.expire((await stateOf(page)).token ?? '')
    expect(await living()).toBe(1)
    const stolen = await refreshTokenOf(page)
    expect(await page.evaluate(() => window.authClient.logout())).toMatchObject({
      revoked: true,
      status: 200,
    })
    expect(await living()).toBe(0)
    // The form needs no living access token, so no refresh comes first.
    expect(site.provider.refreshes()).toBe(0)
    expect(await site.provider.use(stolen)).toBe(400)
  },
)

test('a logout while the token is refreshed leaves none at the provider', { tag: '@long' }, async () => {
  const page = await open()
  await logIn(page, 'ada')
  await expect(page.getByRole('main')).toContainText('private note of ada')
  await site.provider.expire((await stateOf(page)).token ?? '')
  const { waiting, release } = holds.hold(exchange)
  const asked = page.evaluate(() => window.authClient.api('notes').then(() => 'answered', String))
  await waiting
  const left = page.evaluate(() => window.authClient.logout())
  expect(await asked).toContain('ended')
  expect(await stateOf(page)).toMatchObject({ status: 'signed-out', token: null })
  release()
  expect(await left).toMatchObject({ revoked: true })
  await expect.poll(living).toBe(0)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('a logout revokes the token at the provider, whose own session goes on', { tag: '@long' }, async () => {
  const page = await open()
  await logIn(page, 'ada')
  await expect(page.getByRole('main')).toContainText('private note of ada')
  const result = await page.evaluate(() => window.authClient.logout())
  expect(result).toMatchObject({ revoked: true, status: 200, error: null, user: { id: 'ada' } })
  expect(await site.provider.whose(result.token ?? undefined)).toBeUndefined()
  expect(await living()).toBe(0)
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0])

  // It asks whether the app may do this, and for no password.
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('main')).toContainText('private note of ada')
})

test(
  'the provider asks for a password where the app wants that, and once its own session is ended',
  { tag: '@long' },
  async () => {
    const page = await open()
    await logIn(page, 'ada')
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.route(/\/auth\?/, (route) => route.continue({ url: `${route.request().url()}&prompt=login` }))
    await logIn(page, 'bob')
    await expect(page.getByRole('main')).toContainText('private note of bob')
    await page.unroute(/\/auth\?/)

    await page.getByRole('button', { name: 'Log out' }).click()
    await expect.poll(living).toBe(0)
    const back = new URLSearchParams({ client_id: 'my-app', post_logout_redirect_uri: home })
    await page.goto(`https://login.example.com/session/end?${back}`)
    await page.getByRole('button', { name: 'Yes, sign me out' }).click()
    await page.waitForURL(home)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await expect(page.getByPlaceholder('and password')).toBeVisible()
  },
)

test('a logout while the code is exchanged leaves no token at the provider', { tag: '@long' }, async () => {
  const page = await open()
  const { waiting, release } = holds.hold(exchange)
  await logIn(page, 'ada')
  await waiting
  expect(await living()).toBe(2)
  await page.evaluate(() => window.authClient.logout())
  await expect(page.getByRole('alert')).toContainText('ended')
  release()
  await expect.poll(living).toBe(0)
  expect(await stateOf(page)).toMatchObject({ status: 'signed-out', token: null })
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test(
  'a callback that is opened again, or made by somebody else, changes nothing',
  { tag: '@long' },
  async () => {
    const page = await open()
    await logIn(page, 'ada')
    await expect(page.getByRole('main')).toContainText('private note of ada')
    const { token } = await stateOf(page)
    await page.goto(`${home}callback?code=used&state=used&iss=https%3A%2F%2Flogin.example.com`)
    await expect(page.getByRole('main')).toContainText('private note of ada')
    expect(await stateOf(page)).toMatchObject({ status: 'signed-in', token })

    const other = await open()
    await other.goto(`${home}callback?code=forged&state=forged&iss=https%3A%2F%2Flogin.example.com`)
    await expect(other.getByRole('alert')).toBeVisible()
    expect(await stateOf(other)).toMatchObject({ status: 'signed-out' })
    expect(site.provider.exchanges()).toBe(1)
  },
)

const openPopup = async (page: Page): Promise<Page> => {
  const opened = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Log in by popup' }).click()
  const popup = await opened
  await popup.getByPlaceholder('Enter any login').waitFor()
  return popup
}

test('logs in by a popup, which closes itself', async () => {
  const page = await open()
  const popup = await openPopup(page)
  const closed = popup.waitForEvent('close')
  await signIn(popup, 'ada').catch(() => {})
  await closed
  await expect(page.getByRole('main')).toContainText('ada: private note of ada')
  expect(site.provider.exchanges()).toBe(1)
})

test('a popup that the user closes ends its login, and the next one logs in', { tag: '@long' }, async () => {
  const page = await open()
  await (await openPopup(page)).close()
  await expect(page.getByRole('alert')).toContainText('The popup was closed')
  const popup = await openPopup(page)
  await signIn(popup, 'bob').catch(() => {})
  await expect(page.getByRole('main')).toContainText('private note of bob')
})

test(
  'a popup is closed where a later login in this tab or another comes first, and its end changes nothing',
  { tag: '@long' },
  async () => {
    const page = await open()
    const popup = await openPopup(page)
    const closed = popup.waitForEvent('close')
    const session = site.app.issue('bob')
    await page.evaluate((given) => window.authClient.setSession(given), session)
    await closed
    await expect(page.getByRole('main')).toContainText('private note of id-of-bob')
    expect(await stateOf(page)).toMatchObject(session)

    await page.evaluate(() => window.authClient.logout())
    const second = await openPopup(page)
    const secondClosed = second.waitForEvent('close')
    const other = await page.context().newPage()
    await other.goto(home)
    await logIn(other, 'ada')
    await secondClosed
    await expect(page.getByRole('main')).toContainText('private note of ada')
    expect(await stateOf(page)).toMatchObject({ token: (await stateOf(other)).token })
    expect(site.provider.exchanges()).toBe(1)
  },
)
