import { eventually, expect } from '../engines/promises/promise.ts'
import { answers } from '../support/openApiServer.ts'
import { click, historyOf, see, seeAlert, seeButton, seeIn, stateOf, testLogins } from './login.ts'
import { openStepsSite } from './openStepsSite.ts'

const home = 'https://app.example.com/steps.html'

const test = testLogins(openStepsSite, home)

test('a second factor: the login asks for a code, a wrong one may be corrected, and nothing of the steps is kept', async ({
  app,
  open,
}) => {
  app.answer('POST /api/auth/login', answers.json({ ticket: 'ticket-1' }))
  app.answer('POST /api/auth/code', (response, request) => {
    const { ticket, code } = JSON.parse(request.body) as Record<string, string>
    const isRight = ticket === 'ticket-1' && code === '123456'
    const answer = isRight
      ? answers.json(app.issue('ada@example.com'))
      : answers.json({ message: 'Wrong' }, 401)
    answer(response, request)
  })
  const tab = await open()
  const enter = async (code: string): Promise<void> => {
    await tab.locator('[aria-label="Code"]').fill(code)
    await tab.keyboard.press('Enter')
  }
  await click(tab, 'Log in')
  await enter('000000')
  await seeIn(tab, '[role="status"]', 'The code is wrong')
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out' })
  await enter('123456')
  await see(tab, 'private note of ada@example.com')
  const kept = await tab.evaluate(() =>
    JSON.stringify(
      window.queryClient
        .getMutationCache()
        .getAll()
        .map(({ state }) => state),
    ),
  )
  expect(kept).not.toMatch(/correct horse|ticket-1|123456/)

  await click(tab, 'Log out')
  await eventually(() => app.sessions.size).toBe(0)
  await seeButton(tab, 'Log in')
  expect(await tab.$('[aria-label="Code"]')).toBeNull()
})

test.describe('a magic link', () => {
  const address = `${home}#link=secret-1`
  const use = 'POST /api/auth/link'

  test.beforeEach(({ app }) => {
    const links = new Set(['secret-1'])
    app.answer(use, (response, request) => {
      const { link } = JSON.parse(request.body) as { link: string }
      const isGood = links.delete(link)
      const answer = isGood
        ? answers.json(app.issue('ada@example.com'))
        : answers.json({ message: 'Used' }, 401)
      answer(response, request)
    })
  })

  test('logs in once, and is in neither address nor history when anything else looks', async ({
    app,
    domains,
    open,
  }) => {
    const tab = await open(address)
    await see(tab, 'private note of ada@example.com')
    expect(await tab.evaluate(() => location.href)).toBe(home)
    expect(await historyOf(tab)).not.toContain('secret')
    expect(domains.visits.length).toBeGreaterThan(3)
    expect(JSON.stringify(domains.visits)).not.toContain('secret')
    expect(app.received(use)).toHaveLength(1)

    await tab.reload()
    await see(tab, 'private note of ada@example.com')
    expect(app.received(use)).toHaveLength(1)
  })

  test(
    'that was used logs nobody in, and leaves a session that is on as it is',
    { tag: '@long' },
    async ({ open }) => {
      const tab = await open(address)
      await see(tab, 'private note of ada@example.com')
      const { token } = await stateOf(tab)
      await tab.goto('about:blank')
      await tab.goto(address)
      await see(tab, 'private note of ada@example.com')
      expect((await stateOf(tab)).token).toBe(token)

      const other = await open(address)
      await seeAlert(other, 'This link has been used')
      expect(await stateOf(other)).toMatchObject({ status: 'signed-out' })
    },
  )
})
