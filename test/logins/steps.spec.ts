import { type CDPSession, expect, type Page, test } from '@playwright/test'
import { answers } from '../support/openApiServer.ts'
import { createHolds } from './createHolds.ts'
import './window.ts'
import { openStepsSite, type StepsSite } from './openStepsSite.ts'

const home = 'https://app.example.com/steps.html'

let site: StepsSite
let holds: ReturnType<typeof createHolds>

test.beforeEach(async () => {
  holds = createHolds()
  site = await openStepsSite(holds.pass)
})

test.afterEach(() => site.close())

const open = async (address = home): Promise<Page> => {
  const context = await site.browser.newContext()
  const page = await context.newPage()
  await page.goto(address)
  return page
}

const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const main = (page: Page) => expect(page.getByRole('main'))
const stateOf = (page: Page) => page.evaluate(() => window.authClient.getState())
const historyOf = (page: Page) =>
  page.evaluate(() => {
    const { navigation } = window as unknown as { navigation: { entries: () => { url: string }[] } }
    return navigation.entries().map(({ url }) => url)
  })

test.describe('a passkey', () => {
  let cdp: CDPSession
  let authenticatorId: string

  /** Ada has registered one, and has logged out. */
  const setUp = async (): Promise<Page> => {
    const page = await open()
    cdp = await page.context().newCDPSession(page)
    await cdp.send('WebAuthn.enable')
    ;({ authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    }))
    await click(page, 'Log in')
    await click(page, 'Add a passkey')
    await main(page).toContainText('has a passkey')
    await click(page, 'Log out')
    await expect.poll(() => site.app.sessions.size).toBe(0)
    return page
  }

  test('logs in, and its session ends as any other', async () => {
    const page = await setUp()
    await click(page, 'Log in by passkey')
    await main(page).toContainText('private note of ada@example.com')
    expect(site.app.received('POST /api/passkey/login')).toHaveLength(1)
    // Neither request of the login carries a token.
    expect(site.app.requests.filter(({ path, token }) => /options|login$/.test(path) && token)).toEqual([])

    await click(page, 'Log out')
    await expect.poll(() => site.app.sessions.size).toBe(0)
    expect(await stateOf(page)).toMatchObject({ status: 'signed-out', reason: 'logout' })
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  test(
    'that the user does not confirm begins nothing, and may be tried again',
    { tag: '@long' },
    async () => {
      const page = await setUp()
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
      await click(page, 'Log in by passkey')
      await expect(page.getByRole('alert')).toBeVisible()
      expect(await stateOf(page)).toMatchObject({ status: 'signed-out' })
      expect(site.app.received('POST /api/passkey/login')).toEqual([])

      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
      await click(page, 'Log in by passkey')
      await main(page).toContainText('private note of ada@example.com')
    },
  )

  test('that is asked for when the user logs out is asked for no longer', { tag: '@long' }, async () => {
    const page = await setUp()
    await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false })
    await click(page, 'Log in by passkey')
    await expect.poll(() => site.app.received('POST /api/passkey/options').length).toBe(1)
    await page.evaluate(() => window.authClient.logout())
    await expect(page.getByRole('alert')).toContainText('ended')

    await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true })
    expect(await stateOf(page)).toMatchObject({ status: 'signed-out' })
    await click(page, 'Log in by passkey')
    await main(page).toContainText('private note of ada@example.com')
    expect(site.app.received('POST /api/passkey/login')).toHaveLength(1)
  })

  test(
    'whose answer is on its way at a logout leaves no session on the server',
    { tag: '@long' },
    async () => {
      const page = await setUp()
      const { waiting, release } = holds.hold('POST https://app.example.com/api/passkey/login')
      await click(page, 'Log in by passkey')
      await waiting
      expect(site.app.sessions.size).toBe(1)
      await page.evaluate(() => window.authClient.logout())
      await expect(page.getByRole('alert')).toContainText('ended')
      release()
      await expect.poll(() => site.app.sessions.size).toBe(0)
      expect(await stateOf(page)).toMatchObject({ status: 'signed-out', token: null })
    },
  )

  test(
    'that is asked for twice leaves one session, whichever of the two is confirmed',
    { tag: '@long' },
    async () => {
      const page = await setUp()
      const button = page.getByRole('button', { name: 'Log in by passkey' })
      await button.evaluate((element: HTMLElement) => {
        element.click()
        element.click()
      })
      await main(page).toContainText('private note of ada@example.com')
      await expect.poll(() => site.app.sessions.size).toBe(1)
      expect([...site.app.sessions.keys()]).toEqual([(await stateOf(page)).token])
    },
  )
})

test('a second factor: the login asks for a code, a wrong one may be corrected, and nothing of the steps is kept', async () => {
  site.app.answer('POST /api/auth/login', answers.json({ ticket: 'ticket-1' }))
  site.app.answer('POST /api/auth/code', (response, request) => {
    const { ticket, code } = JSON.parse(request.body) as Record<string, string>
    const isRight = ticket === 'ticket-1' && code === '123456'
    const session = site.app.issue('ada@example.com')
    if (!isRight) site.app.sessions.delete(session.token)
    const answer = isRight ? answers.json(session) : answers.json({ message: 'Wrong' }, 401)
    answer(response, request)
  })
  const page = await open()
  await click(page, 'Log in')
  await page.getByLabel('Code').fill('000000')
  await page.getByLabel('Code').press('Enter')
  await expect(page.getByRole('status')).toContainText('The code is wrong')
  expect(await stateOf(page)).toMatchObject({ status: 'signed-out' })
  await page.getByLabel('Code').fill('123456')
  await page.getByLabel('Code').press('Enter')
  await main(page).toContainText('private note of ada@example.com')
  const kept = await page.evaluate(() =>
    JSON.stringify(
      window.queryClient
        .getMutationCache()
        .getAll()
        .map(({ state }) => state),
    ),
  )
  expect(kept).not.toMatch(/correct horse|ticket-1|123456/)

  await click(page, 'Log out')
  await expect.poll(() => site.app.sessions.size).toBe(0)
  await expect(page.getByRole('button', { name: 'Log in', exact: true })).toBeVisible()
  await expect(page.getByLabel('Code')).toHaveCount(0)
})

test.describe('a magic link', () => {
  const address = `${home}#link=secret-1`

  test.beforeEach(() => {
    const links = new Set(['secret-1'])
    site.app.answer('POST /api/auth/link', (response, request) => {
      const { link } = JSON.parse(request.body) as { link: string }
      const isGood = links.delete(link)
      const answer = isGood
        ? answers.json(site.app.issue('ada@example.com'))
        : answers.json({ message: 'Used' }, 401)
      answer(response, request)
    })
  })

  test('logs in once, and is in neither address nor history when anything else looks', async () => {
    const page = await open('about:blank')
    const referrers: (string | undefined)[] = []
    page.on('request', (request) => referrers.push(request.headers()['referer']))
    await page.goto(address)
    await main(page).toContainText('private note of ada@example.com')
    expect(page.url()).toBe(home)
    expect((await historyOf(page)).join()).not.toContain('secret')
    expect(referrers.join()).not.toContain('secret')
    expect(site.app.received('POST /api/auth/link')).toHaveLength(1)

    await page.reload()
    await main(page).toContainText('private note of ada@example.com')
    expect(site.app.received('POST /api/auth/link')).toHaveLength(1)
  })

  test(
    'that was used logs nobody in, and leaves a session that is on as it is',
    { tag: '@long' },
    async () => {
      const page = await open(address)
      await main(page).toContainText('private note of ada@example.com')
      const { token } = await stateOf(page)
      await page.goto('about:blank')
      await page.goto(address)
      await main(page).toContainText('private note of ada@example.com')
      expect((await stateOf(page)).token).toBe(token)

      const other = await open(address)
      await expect(other.getByRole('alert')).toContainText('This link has been used')
      expect(await stateOf(other)).toMatchObject({ status: 'signed-out' })
    },
  )
})
