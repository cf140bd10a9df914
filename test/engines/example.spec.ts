import { expect, type Page } from '@playwright/test'
import { demoUser } from '../../example/demoUser.ts'
import {
  addNote,
  bearer,
  expectSignedIn,
  expectSignInForm,
  hold,
  logIn,
  logOut,
  newPerson,
  openTab,
  readDocument,
  readStorage,
  readTokens,
  refreshStatus,
  register,
  test,
} from './notebook.ts'

declare global {
  interface Window {
    /** What a page showed, in the order in which it did. */
    texts?: string[]
    /** The events that a page got which its user may have caused. */
    events?: string[]
  }
}

const grace = () => newPerson('Grace', 'Hopper')
const alan = () => newPerson('Alan', 'Turing')
const secret = 'The nanosecond is a foot of wire.'

test('registers a user, logs them out and logs them in again', async ({ page }) => {
  const person = grace()
  await register(page, person)
  await logOut(page)
  await expectSignInForm(page)
  await logIn(page, person)
  await expectSignedIn(page, person)
})

test('shows a new note before the server has it and keeps it over a reload', async ({ page }) => {
  await register(page, grace())
  await expect(page.getByText('An empty page.')).toBeVisible()
  const release = await hold(page, '**/api/notes')
  await page.getByLabel('New note').fill(secret)
  await page.getByRole('button', { name: 'Add note' }).click()

  const note = page.getByRole('listitem').filter({ hasText: secret })
  await expect(note).toHaveAttribute('aria-busy', 'true')
  release()
  await expect(note).toHaveAttribute('aria-busy', 'false')
  await page.reload()
  await expect(note).toBeVisible()
})

test('signs out every tab with one request and without a click or focus there', async ({ page, watch }) => {
  const person = grace()
  await register(page, person)
  await addNote(page, secret)
  const tab = await openTab(page)
  await expectSignedIn(tab, person)
  await expect(tab.getByText(secret)).toBeVisible()
  await tab.evaluate(() => {
    const events: string[] = (window.events = [])
    for (const type of ['focus', 'visibilitychange', 'pageshow', 'pointerdown', 'keydown']) {
      window.addEventListener(type, () => void events.push(type), { capture: true })
    }
  })

  await logOut(page)
  await expectSignInForm(page)
  await expectSignInForm(tab)
  expect(await tab.evaluate(() => window.events)).toEqual([])
  await expect(page.getByText('token revoked')).toBeVisible()

  for (const each of [page, tab]) {
    expect(await readStorage(each)).toEqual({})
    const left = await readDocument(each)
    for (const own of [secret, person.firstName, person.lastName, person.email, person.password]) {
      expect(left).not.toContain(own)
    }
  }

  // A second request of either tab would have been sent before all of this.
  await logIn(tab, person)
  await expectSignedIn(page, person)
  expect(watch.logouts).toEqual(['POST'])
})

test('leaves a token that the API refuses', async ({ page, request }) => {
  await register(page, grace())
  const { token, refreshToken } = await readTokens(page)
  expect((await request.get('/api/auth/user', bearer(token))).status()).toBe(200)

  await logOut(page)
  await expect(page.getByText('token revoked')).toBeVisible()
  expect(await refreshStatus(request, refreshToken)).toBe(401)
  const replay = await request.get('/api/auth/user', bearer(token))
  expect(replay.status()).toBe(401)
  expect(replay.headers()['www-authenticate']).toBe('Bearer error="invalid_token"')
})

test('shows the next user nothing of the one before, in any tab', async ({ page, request }) => {
  const [first, second] = [grace(), alan()]
  await request.post('/api/auth/register', { data: second })
  await register(page, first)
  await addNote(page, secret)
  const tab = await openTab(page)
  await expect(tab.getByText(secret)).toBeVisible()

  await logOut(page)
  await logIn(page, second)
  for (const each of [page, tab]) {
    await expectSignedIn(each, second)
    await expect(each.getByText('An empty page.')).toBeVisible()
    const shown = await readDocument(each)
    for (const own of [secret, first.firstName, first.lastName, first.email, first.password]) {
      expect(shown).not.toContain(own)
    }
  }
})

test('paints no frame with the sign-in form and a note, in any tab', async ({ page }) => {
  const person = grace()
  await register(page, person)
  await addNote(page, secret)
  const tab = await openTab(page)
  await expect(tab.getByText(secret)).toBeVisible()
  await page.evaluate(recordFrames)
  await tab.evaluate(recordFrames)

  await logOut(page)
  for (const each of [page, tab]) {
    await expectSignInForm(each)
    await each.waitForFunction(() => window.texts?.at(-1)?.includes('Sign in'))
    const frames = (await each.evaluate(() => window.texts)) ?? []
    const kinds = frames.map((text) => ({
      note: text.includes(secret),
      name: text.includes(person.lastName),
      logoutButton: text.includes('Log out'),
      signInForm: text.includes('Sign in'),
    }))
    const signedIn = { note: true, name: true, logoutButton: true, signInForm: false }
    const signedOut = { note: false, name: false, logoutButton: false, signInForm: true }
    const firstSignedOut = kinds.findIndex(({ signInForm }) => signInForm)
    expect(firstSignedOut).toBeGreaterThan(0)
    expect(kinds).toEqual(kinds.map((_kind, index) => (index < firstSignedOut ? signedIn : signedOut)))
  }
})

test('shows nothing of the user when the back button leads to a page from before the logout', async ({
  page,
}) => {
  const person = grace()
  await page.addInitScript(recordFrames)
  await register(page, person)
  await addNote(page, secret)
  await page.goto('about:blank')
  await page.goto('/?again')
  await expect(page.getByText(secret)).toBeVisible()
  await logOut(page)
  await expectSignInForm(page)

  // Not page.goBack(), which loses its page where the browser brings another one back. The page answers, then leaves.
  await page.evaluate(() => void setTimeout(() => history.go(-2)))
  await expect(page).toHaveURL('/')
  await expectSignInForm(page)
  await page.waitForFunction(() => window.texts?.at(-1)?.includes('Sign in'))
  const frames = (await page.evaluate(() => window.texts)) ?? []
  expect(frames.filter((text) => text.includes(secret) || text.includes(person.lastName))).toEqual([])

  // It is a new document: the old one would have been painted once before it could run a line of its own.
  const navigation = await page.evaluate(() => JSON.stringify(performance.getEntriesByType('navigation')))
  expect(JSON.parse(navigation)).toEqual([expect.objectContaining({ type: 'back_forward' })])
})

test('restores the session on reload without a flash of the sign-in form', async ({ page }) => {
  const person = grace()
  await register(page, person)
  await addNote(page, secret)

  const release = await hold(page, '**/api/auth/user')
  await page.addInitScript(() => {
    const texts: string[] = (window.texts = [])
    const record = () => texts.push(document.body?.innerText ?? '')
    new MutationObserver(record).observe(document, { childList: true, subtree: true, characterData: true })
  })
  await page.reload()
  await expect(page.getByText('Loading your notes…')).toBeVisible()
  release()
  await expectSignedIn(page, person)
  await expect(page.getByText(secret)).toBeVisible()

  const texts = (await page.evaluate(() => window.texts)) ?? []
  expect(texts.filter((text) => text.includes(secret))).not.toEqual([])
  expect(texts.filter((text) => /Sign in|Log in|Register/.test(text))).toEqual([])
})

test('shows what the API says of a wrong password', async ({ page, request, watch }) => {
  const wrong = { email: demoUser.email, password: 'forgotten' }
  const answer = await request.post('/api/auth/login', { data: wrong })
  const { message }: { message: string } = await answer.json()
  expect(message).toMatch(/password/)

  await page.goto('/')
  await logIn(page, wrong)
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveText(message)
  await expectSignInForm(page)
  expect(watch.console.splice(0)).toEqual([expect.stringContaining('401')])
})

test('lets a visitor in with the demo account', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Fill in the demo account' }).click()
  await page.getByRole('button', { name: 'Log in' }).click()
  await expectSignedIn(page, demoUser)
  await expect(page.getByRole('list', { name: 'Notes' }).getByRole('listitem')).toHaveCount(3)
})

test('signs out at once while the server hangs', async ({ page }) => {
  await register(page, grace())
  await addNote(page, secret)
  await page.route('**/api/auth/logout', () => {})
  const sent = page.waitForRequest('**/api/auth/logout')

  const text = await logOutForOneFrame(page)
  expect(text).toContain('Sign in')
  expect(text).not.toContain(secret)
  await sent
  await expectSignInForm(page)
  await expect(page.getByText('Telling the server…')).toBeVisible()
  expect(await readStorage(page)).toEqual({})
})

test('signs out at once offline and revokes the token when back online', async ({
  context,
  page,
  request,
  watch,
}) => {
  const person = grace()
  await register(page, person)
  await addNote(page, secret)
  const { refreshToken } = await readTokens(page)
  const countSessions = async () => {
    const answer = await request.post('/api/auth/login', { data: person })
    const { token }: { token: string } = await answer.json()
    const sessions: unknown[] = await (await request.get('/api/auth/sessions', bearer(token))).json()
    await request.post('/api/auth/logout', bearer(token))
    return sessions.length - 1
  }
  await context.setOffline(true)

  const text = await logOutForOneFrame(page)
  expect(text).toContain('Sign in')
  expect(text).not.toContain(secret)
  await expectSignInForm(page)
  expect(await readStorage(page)).toEqual({})
  await expect(page.getByText('revocation unconfirmed')).toBeVisible()
  expect(await countSessions()).toBe(1)

  await context.setOffline(false)
  await expect.poll(countSessions).toBe(0)
  expect(await refreshStatus(request, refreshToken)).toBe(401)
  const offline = watch.console.splice(0)
  expect(offline).toEqual(offline.map(() => expect.stringContaining('ERR_INTERNET_DISCONNECTED')))
})

test('counts the traces of the user before a logout and none after it', async ({ page }) => {
  await register(page, grace())
  await addNote(page, secret)
  const inspector = page.getByRole('region', { name: 'Inspector' })
  await expect(inspector).toContainText(/[1-9]\d* things of yours in this tab/)

  await logOut(page)
  await expect(inspector).toContainText('0 Nothing is left.')
  const lastLogout = page.getByRole('table', { name: 'Last logout' })
  for (const name of ['User', 'Tokens', 'Storage keys', 'Private queries']) {
    const counts = lastLogout.getByRole('row', { name }).getByRole('cell')
    await expect(counts).toHaveText([/^[1-9]$/, '0', '0'])
  }
  for (const name of ['Mutations', 'Requests']) {
    await expect(lastLogout.getByRole('row', { name }).getByRole('cell').last()).toHaveText('0')
  }
})

/** Runs in a page: records what each frame shows, from now on. */
function recordFrames(): void {
  const texts: string[] = (window.texts = [])
  const record = () => {
    texts.push(document.body?.innerText ?? '')
    requestAnimationFrame(record)
  }
  record()
  // Should the page come back as it was, it records what it shows from then on.
  window.addEventListener('pagehide', () => void texts.splice(0))
}

/** Logs out and returns what the very next frame shows. */
function logOutForOneFrame(page: Page): Promise<string> {
  return page.getByRole('button', { name: 'Log out' }).evaluate(async (button) => {
    if (button instanceof HTMLElement) button.click()
    await new Promise(requestAnimationFrame)
    return document.body.innerText
  })
}

test('sends one logout request for two tabs, although the page takes its time to forget', async ({
  page,
  watch,
}) => {
  const person = newPerson('Grace', 'Hopper')
  await register(page, person)
  const tab = await openTab(page)
  await expectSignedIn(tab, person)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  watch.logouts.length = 0
  await logOut(page)
  await expectSignInForm(tab)
  // A tab that hears of an end asks, and would act a second later if nobody answered.
  await tab.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1500)))
  expect(watch.logouts).toHaveLength(1)
})
