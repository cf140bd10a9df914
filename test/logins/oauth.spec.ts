import type { Page } from 'puppeteer-core'
import { eventually, expect, newTab } from '../engines/promises/promise.ts'
import {
  askForNotes,
  click,
  countStored,
  historyOf,
  logOut,
  see,
  seeAlert,
  seeButton,
  stateOf,
  testLogins,
} from './login.ts'
import { openOAuthSite } from './openOAuthSite.ts'
import type { OpenProvider } from './openProvider.ts'

const home = 'https://app.example.com/'
const exchange = 'POST https://login.example.com/token'
const login = '[placeholder="Enter any login"]'
const password = '[placeholder="and password"]'
const notes = '["private note of ada"]'

/** On the pages of the provider: a name and a password, then consent. */
const signIn = async (tab: Page, name: string): Promise<void> => {
  await tab.locator(login).fill(name)
  await tab.locator(password).fill('correct horse')
  await click(tab, 'Sign-in')
  await click(tab, 'Continue')
}

const logIn = async (tab: Page, name: string): Promise<void> => {
  await click(tab, 'Log in')
  await signIn(tab, name)
}

interface Fixtures {
  provider: OpenProvider
  /** How many of the tokens live that the provider has issued. */
  living: () => Promise<number>
  /** A tab in which Ada has logged in. */
  ada: Page
  /** Ends the life of Ada's access token, as time does. */
  expire: () => Promise<void>
}

const test = testLogins(openOAuthSite, home).extend<Fixtures>({
  provider: async ({ domains }, use) => use(domains.provider),

  living: async ({ provider }, use) => use(async () => (await provider.living()).length),

  ada: async ({ open }, use) => {
    const tab = await open()
    await logIn(tab, 'ada')
    await see(tab, 'ada: private note of ada')
    await use(tab)
  },

  expire: async ({ ada, provider }, use) =>
    use(async () => provider.expire((await stateOf(ada)).token ?? '')),
})

/** Another tab of the same user. */
const openBeside = async (tab: Page): Promise<Page> => {
  const other = await newTab(tab.browserContext())
  await other.goto(home)
  return other
}

test('logs in once, although StrictMode starts the callback twice, and leaves no code in the address or the history', async ({
  ada,
  provider,
  living,
}) => {
  expect(provider.exchanges()).toBe(1)
  expect(await living()).toBe(2)
  expect(await ada.evaluate(() => location.href)).toBe(home)
  expect(await historyOf(ada)).not.toContain('code=')
  expect(await ada.evaluate(() => Object.keys(sessionStorage))).toEqual([])

  await ada.reload()
  await see(ada, 'ada: private note of ada')
})

test(
  'a token that has expired is refreshed, and a logout then revokes all that the login has brought',
  { tag: '@long' },
  async ({ ada, expire, living }) => {
    const { token } = await stateOf(ada)
    await expire()
    expect(await askForNotes(ada)).toBe(notes)
    expect((await stateOf(ada)).token).not.toBe(token)

    expect(await logOut(ada)).toMatchObject({ revoked: true, status: 200 })
    expect(await living()).toBe(0)
    expect(await countStored(ada)).toBe(0)
  },
)

test('two tabs whose token has expired refresh it once, so that no refresh token is used twice', async ({
  ada,
  expire,
  provider,
  living,
}) => {
  const other = await openBeside(ada)
  await see(other, 'private note of ada')
  for (let round = 1; round <= 5; round += 1) {
    await expire()
    expect(await Promise.all([askForNotes(ada), askForNotes(other)])).toEqual([notes, notes])
    expect(provider.refreshes()).toBe(round)
    expect((await stateOf(ada)).token).toBe((await stateOf(other)).token)
  }
  expect(provider.reuses()).toBe(0)

  await logOut(ada)
  await seeButton(other, 'Log in')
  expect(await living()).toBe(0)
})

/** The refresh token that the page has stored. */
const refreshTokenOf = (tab: Page): Promise<string> =>
  tab.evaluate(
    () => (JSON.parse(localStorage.getItem('token') ?? '{}') as { refreshToken: string }).refreshToken,
  )

test(
  'a refresh token that somebody else uses once more ends all that the login has brought, here too',
  { tag: '@long' },
  async ({ ada, expire, provider, living }) => {
    const stolen = await refreshTokenOf(ada)
    await expire()
    expect(await askForNotes(ada)).toBe(notes)
    expect(await refreshTokenOf(ada)).not.toBe(stolen)
    expect(await living()).toBe(2)

    expect(await provider.use(stolen)).toBe(400)
    expect(provider.reuses()).toBe(1)
    expect(await living()).toBe(0)
    expect(await askForNotes(ada)).toContain('ended')
    expect(await stateOf(ada)).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    expect(await countStored(ada)).toBe(0)
  },
)

test(
  'a logout revokes the refresh token (RFC 7009) where the access token has expired by then',
  { tag: '@long' },
  async ({ ada, expire, provider, living }) => {
    await expire()
    expect(await living()).toBe(1)
    const stolen = await refreshTokenOf(ada)
    expect(await logOut(ada)).toMatchObject({ revoked: true, status: 200 })
    expect(await living()).toBe(0)
    // The form needs no living access token, so no refresh comes first.
    expect(provider.refreshes()).toBe(0)
    expect(await provider.use(stolen)).toBe(400)
  },
)

test(
  'a logout while the token is refreshed leaves none at the provider',
  { tag: '@long' },
  async ({ ada, expire, hold, living }) => {
    await expire()
    const { waiting, release } = hold(exchange)
    const asked = askForNotes(ada)
    await waiting
    const left = logOut(ada)
    expect(await asked).toContain('ended')
    expect(await stateOf(ada)).toMatchObject({ status: 'signed-out', token: null })
    release()
    expect(await left).toMatchObject({ revoked: true })
    await eventually(living).toBe(0)
    expect(await countStored(ada)).toBe(0)
  },
)

test(
  'a logout revokes the token at the provider, whose own session goes on',
  { tag: '@long' },
  async ({ ada, provider, living }) => {
    const result = await logOut(ada)
    expect(result).toMatchObject({ revoked: true, status: 200, error: null, user: { id: 'ada' } })
    expect(await provider.whose(result.token ?? undefined)).toBeUndefined()
    expect(await living()).toBe(0)
    expect(await countStored(ada)).toBe(0)

    // It asks whether the app may do this, and for no password.
    await click(ada, 'Log in')
    await click(ada, 'Continue')
    await see(ada, 'private note of ada')
  },
)

test(
  'the provider asks for a password where the app wants that, and once its own session is ended',
  { tag: '@long' },
  async ({ ada, domains, living }) => {
    await click(ada, 'Log out')
    await click(ada, 'Log in')
    await seeButton(ada, 'Continue')
    const asked = domains.visits.map(({ address }) => address).filter((each) => each.includes('/auth?'))
    await ada.goto(`${asked.at(-1)?.replace('GET ', '')}&prompt=login`)
    await signIn(ada, 'bob')
    await see(ada, 'private note of bob')

    await click(ada, 'Log out')
    await eventually(living).toBe(0)
    const back = new URLSearchParams({ client_id: 'my-app', post_logout_redirect_uri: home })
    await ada.goto(`https://login.example.com/session/end?${back}`)
    await click(ada, 'Yes, sign me out')
    await click(ada, 'Log in')
    await ada.locator(password).wait()
  },
)

test(
  'while the code is exchanged it is in the address no longer, and a logout leaves no token at the provider',
  { tag: '@long' },
  async ({ open, hold, living }) => {
    const tab = await open()
    const { waiting, release } = hold(exchange)
    await logIn(tab, 'ada')
    await waiting
    expect(await tab.evaluate(() => location.href)).toBe(`${home}callback`)
    expect(await historyOf(tab)).not.toContain('code=')
    expect(await living()).toBe(2)
    await logOut(tab)
    await seeAlert(tab, 'ended')
    release()
    await eventually(living).toBe(0)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', token: null })
    expect(await countStored(tab)).toBe(0)
  },
)

test(
  'a callback that is opened again, or made by somebody else, changes nothing',
  { tag: '@long' },
  async ({ ada, open, provider }) => {
    const { token } = await stateOf(ada)
    await ada.goto(`${home}callback?code=used&state=used&iss=https%3A%2F%2Flogin.example.com`)
    await see(ada, 'private note of ada')
    expect(await stateOf(ada)).toMatchObject({ status: 'signed-in', token })

    const other = await open(`${home}callback?code=forged&state=forged&iss=https%3A%2F%2Flogin.example.com`)
    await seeAlert(other)
    expect(await stateOf(other)).toMatchObject({ status: 'signed-out' })
    expect(provider.exchanges()).toBe(1)
  },
)

const openPopup = async (tab: Page): Promise<Page> => {
  const opened = new Promise<Page>((resolve) => {
    tab.once('popup', (popup) => popup && resolve(popup))
  })
  await click(tab, 'Log in by popup')
  const popup = await opened
  await popup.locator(login).wait()
  return popup
}

const waitUntilClosed = (popup: Page): Promise<unknown> =>
  new Promise((resolve) => popup.once('close', resolve))

test('logs in by a popup, which closes itself', async ({ open, provider }) => {
  const tab = await open()
  const popup = await openPopup(tab)
  const closed = waitUntilClosed(popup)
  await signIn(popup, 'ada').catch(() => {})
  await closed
  await see(tab, 'ada: private note of ada')
  expect(provider.exchanges()).toBe(1)
})

test(
  'a popup that the user closes ends its login, and the next one logs in',
  { tag: '@long' },
  async ({ open }) => {
    const tab = await open()
    await (await openPopup(tab)).close()
    await seeAlert(tab, 'The popup was closed')
    const popup = await openPopup(tab)
    await signIn(popup, 'bob').catch(() => {})
    await see(tab, 'private note of bob')
  },
)

test(
  'a popup is closed where a later login in this tab or another comes first, and its end changes nothing',
  { tag: '@long' },
  async ({ app, open, provider }) => {
    const tab = await open()
    const closed = waitUntilClosed(await openPopup(tab))
    const session = app.issue('bob')
    await tab.evaluate((given) => window.authClient.setSession(given), session)
    await closed
    await see(tab, 'private note of id-of-bob')
    expect(await stateOf(tab)).toMatchObject(session)

    await logOut(tab)
    const secondClosed = waitUntilClosed(await openPopup(tab))
    const other = await openBeside(tab)
    await logIn(other, 'ada')
    await secondClosed
    await see(tab, 'private note of ada')
    expect(await stateOf(tab)).toMatchObject({ token: (await stateOf(other)).token })
    expect(provider.exchanges()).toBe(1)
  },
)
