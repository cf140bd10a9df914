import type { CDPSession, Page } from 'puppeteer-core'
import { eventually, expect } from '../engines/promises/promise.ts'
import { click, countStored, logOut, see, seeAlert, stateOf, testLogins } from './login.ts'
import { openStepsSite } from './openStepsSite.ts'

interface Authenticator {
  /** Whether the user confirms, by a finger or a number. */
  setVerified: (isUserVerified: boolean) => Promise<unknown>
  /** Whether the user is there. */
  setPresent: (enabled: boolean) => Promise<unknown>
}

/** Chromium's own, which needs no hardware. */
const addAuthenticator = async (devtools: CDPSession): Promise<Authenticator> => {
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    setVerified: (isUserVerified) =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    setPresent: (enabled) =>
      devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  }
}

interface Fixtures {
  tab: Page
  /** Ada has registered a passkey with it, and has logged out. */
  authenticator: Authenticator
}

const test = testLogins(openStepsSite, 'https://app.example.com/steps.html').extend<Fixtures>({
  tab: async ({ open }, use) => use(await open()),

  authenticator: [
    async ({ app, tab }, use) => {
      const authenticator = await addAuthenticator(await tab.createCDPSession())
      await click(tab, 'Log in')
      await click(tab, 'Add a passkey')
      await see(tab, 'has a passkey')
      await click(tab, 'Log out')
      await eventually(() => app.sessions.size).toBe(0)
      await use(authenticator)
    },
    { auto: true },
  ],
})

const ask = 'Log in by passkey'

test('a passkey logs in, and its session ends as any other', async ({ app, tab }) => {
  await click(tab, ask)
  await see(tab, 'private note of ada@example.com')
  expect(app.received('POST /api/passkey/login')).toHaveLength(1)
  // Neither request of the login carries a token.
  expect(app.requests.filter(({ path, token }) => /options|login$/.test(path) && token)).toEqual([])

  await click(tab, 'Log out')
  await eventually(() => app.sessions.size).toBe(0)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'logout' })
  expect(await countStored(tab)).toBe(0)
})

test(
  'a passkey that the user does not confirm begins nothing, and may be tried again',
  { tag: '@long' },
  async ({ app, authenticator, tab }) => {
    await authenticator.setVerified(false)
    await click(tab, ask)
    await seeAlert(tab)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out' })
    expect(app.received('POST /api/passkey/login')).toEqual([])

    await authenticator.setVerified(true)
    await click(tab, ask)
    await see(tab, 'private note of ada@example.com')
  },
)

test(
  'a passkey that is asked for when the user logs out is asked for no longer',
  { tag: '@long' },
  async ({ app, authenticator, tab }) => {
    await authenticator.setPresent(false)
    await click(tab, ask)
    await eventually(() => app.received('POST /api/passkey/options').length).toBe(1)
    await logOut(tab)
    await seeAlert(tab, 'ended')

    await authenticator.setPresent(true)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out' })
    await click(tab, ask)
    await see(tab, 'private note of ada@example.com')
    expect(app.received('POST /api/passkey/login')).toHaveLength(1)
  },
)

test(
  'a passkey whose answer is on its way at a logout leaves no session on the server',
  { tag: '@long' },
  async ({ app, hold, tab }) => {
    const { waiting, release } = hold('POST https://app.example.com/api/passkey/login')
    await click(tab, ask)
    await waiting
    expect(app.sessions.size).toBe(1)
    await logOut(tab)
    await seeAlert(tab, 'ended')
    release()
    await eventually(() => app.sessions.size).toBe(0)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', token: null })
  },
)

test(
  'a passkey that is asked for twice leaves one session, whichever of the two is confirmed',
  { tag: '@long' },
  async ({ app, tab }) => {
    await tab.$eval(`::-p-xpath(//button[.="${ask}"])`, (button) => {
      const { click } = button as HTMLElement
      click.call(button)
      click.call(button)
    })
    await see(tab, 'private note of ada@example.com')
    await eventually(() => app.sessions.size).toBe(1)
    expect([...app.sessions.keys()]).toEqual([(await stateOf(tab)).token])
  },
)
