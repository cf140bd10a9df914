import { click, eventually, expect, newTab, noteOf, test } from './promise.ts'

test('the page of the README logs in and out, and leaves nothing of the user', async ({
  build,
  profile,
  promises,
  site,
}) => {
  test.skip(build === 'naive', 'The README shows signoff')
  const tab = await newTab(profile)
  const read = (): Promise<string> => tab.evaluate(() => document.body.textContent?.trim() ?? '')
  await tab.goto(new URL('readme.html', site.page).href)
  await eventually(read).toBe('Log in')
  await click(tab, 'Log in')
  await eventually(read).toContain(noteOf('ada'))
  expect(site.sessions.size).toBe(1)

  await click(tab, 'Log out')
  await promises(async (eventually) => {
    await eventually(read).toBe('Log in')
    expect(await tab.evaluate(() => ({ ...localStorage, ...sessionStorage }))).toEqual({})
    await eventually(() => site.sessions.size).toBe(0)
    expect(site.received('POST /api/auth/logout')).toHaveLength(1)
    // The next session shows a note of its own.
    await click(tab, 'Log in')
    await eventually(read).toContain(noteOf('ada'))
  })
})
