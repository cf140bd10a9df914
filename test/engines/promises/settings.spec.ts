import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Frame, Page } from 'puppeteer-core'
import type { ApiServer } from '../../support/openApiServer.ts'
import {
  click,
  type Document,
  eventually,
  type Eventually,
  expect,
  logIn,
  newTab,
  noteOf,
  press,
  readText,
  test,
} from './promise.ts'

const read = (page: Document): Promise<string> => page.evaluate(() => document.body.textContent ?? '')

const readStorage = (page: Document): Promise<unknown> =>
  page.evaluate(() => {
    try {
      return { ...localStorage, ...sessionStorage }
    } catch (error) {
      return (error as Error).name
    }
  })

/** Logs in, sees the note, logs out: nothing is left, and the server knows. */
const expectToWork = async (page: Document, api: ApiServer, eventually: Eventually): Promise<void> => {
  await eventually(() => read(page)).toContain('Signed out')
  await press(page, 'Log in as ada')
  await eventually(() => read(page)).toContain(noteOf('ada'))
  await press(page, 'Log out')
  await eventually(() => read(page)).toContain('Signed out')
  expect(await read(page)).not.toContain('ada@')
  await eventually(() => api.received('POST /api/auth/logout').length).toBe(1)
  expect(api.sessions.size).toBe(0)
}

test.describe('all storage blocked', () => {
  let folder: string
  test.beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signoff-'))
    await mkdir(join(folder, 'Default'))
    const preferences = { profile: { default_content_setting_values: { cookies: 2 } } }
    await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences))
  })
  test.afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

  test('leaves a session in memory that ends as any other', async ({ engine, launch, promises, site }) => {
    const blocked = {
      chromium: { userDataDir: folder },
      firefox: { extraPrefsFirefox: { 'network.cookie.cookieBehavior': 2 } },
      webkit: { args: ['--enable-html5-local-storage=false'] },
    }
    const browser = await launch(blocked[engine])
    const page = await newTab(browser)
    await page.goto(site.page)
    // WebKit has none to read, the others throw.
    if (engine === 'webkit') expect(await page.evaluate(() => localStorage)).toBe(null)
    else expect(await readStorage(page)).toBe('SecurityError')
    await promises((eventually) => expectToWork(page, site, eventually))
  })
})

test('a full storage leaves a session in memory that ends as any other', async ({
  openTab,
  promises,
  site,
}) => {
  const tab = await openTab()
  await tab.evaluate(() => {
    for (let length = 2 ** 22; length >= 1; length /= 2) {
      try {
        for (;;) localStorage.setItem(`full-${localStorage.length}`, 'x'.repeat(length))
      } catch {
        // Less, then.
      }
    }
  })
  const error = await tab.evaluate(() => {
    try {
      localStorage.setItem('token', 'one more')
    } catch (reason) {
      return (reason as Error).name
    }
    return null
  })
  expect(error).toBe('QuotaExceededError')
  await promises(async (eventually) => {
    await expectToWork(tab, site, eventually)
    expect(await readStorage(tab)).toEqual({})
  })
})

test('a private window is signed out with all its tabs', async ({ engine, launch, promises, site }) => {
  const isPrivate = {
    chromium: { args: ['--incognito'] },
    firefox: { extraPrefsFirefox: { 'browser.privatebrowsing.autostart': true } },
    // Under a driver it keeps nothing anyway.
    webkit: {},
  }
  const browser: Browser = await launch(isPrivate[engine])
  const [first, second] = [await newTab(browser), await newTab(browser)]
  for (const tab of [first, second]) await tab.goto(site.page)
  await promises(async (eventually) => {
    await logIn(first, 'ada')
    await eventually(() => readText(second)).toContain(noteOf('ada'))
    await first.reload()
    await eventually(() => readText(first)).toContain(noteOf('ada'))
    await click(first, 'Log out')
    for (const tab of [first, second]) {
      await eventually(() => readText(tab)).toContain('Signed out')
      expect(await readStorage(tab)).toEqual({})
    }
    await eventually(() => site.sessions.size).toBe(0)
  })
})

/** Puts a page into another one. */
const embed = async (host: Page, src: string, sandbox?: string): Promise<Frame> => {
  const handle = await host.evaluateHandle(
    async (src, sandbox) => {
      const frame = document.createElement('iframe')
      if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox)
      frame.src = src
      await new Promise((resolve) => {
        frame.addEventListener('load', resolve)
        document.body.append(frame)
      })
      return frame
    },
    src,
    sandbox,
  )
  const frame = await handle.contentFrame()
  expect(frame).toBeTruthy()
  return frame
}

test.describe('from an opaque origin', () => {
  // It may load no module without leave.
  test.use({ headers: { 'Access-Control-Allow-Origin': '*' } })

  test('a sandboxed frame has a session in memory that ends as any other', async ({
    launch,
    promises,
    site,
  }) => {
    const browser = await launch()
    const host = await newTab(browser)
    await host.goto(`${site.origin}/host.html`)
    const frame = await embed(host, `${site.page}?api=${site.baseUrl}`, 'allow-scripts')
    expect(await readStorage(frame)).toBe('SecurityError')
    await promises((eventually) => expectToWork(frame, site, eventually))
  })
})

test('frames on another site share a session of that site’s own, and end it together', async ({
  engine,
  openTab,
  profile,
  promises,
  site,
}) => {
  test.skip(engine === 'webkit', 'WebKit shows an empty frame there, for a reason that is not known yet')
  const own = await openTab()
  await logIn(own, 'alan')
  const host = await newTab(profile)
  // Another site than 127.0.0.1.
  await host.goto(`${site.origin.replace('127.0.0.1', 'localhost')}/host.html`)
  const frames = [await embed(host, site.page), await embed(host, site.page)] as const
  // Browsers give it a storage of its own there.
  await eventually(() => read(frames[0])).toContain('Signed out')
  await press(frames[0], 'Log in as ada')
  await eventually(() => read(frames[0])).toContain(noteOf('ada'))
  await promises(async (eventually) => {
    await eventually(() => read(frames[1])).toContain(noteOf('ada'))
    await press(frames[0], 'Log out')
    for (const frame of frames) {
      await eventually(() => read(frame)).toContain('Signed out')
      expect(await readStorage(frame)).toEqual({})
    }
    await eventually(() => site.received('POST /api/auth/logout').length).toBe(1)
    // The user of the site itself is another.
    expect(await readText(own)).toContain(noteOf('alan'))
    expect([...site.sessions.values()].map(({ email }) => email)).toEqual(['alan@example.com'])
  })
})

test.describe('with a policy', () => {
  test.use({
    headers: {
      'Content-Security-Policy':
        "default-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
    },
  })

  test('a strict Content-Security-Policy with Trusted Types is kept', async ({ launch, promises, site }) => {
    const browser = await launch()
    const open = async (): Promise<Page> => {
      const tab = await newTab(browser)
      await tab.evaluateOnNewDocument(() => {
        Object.assign(window, { violations: [] })
        document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
          ;(window as unknown as { violations: string[] }).violations.push(violatedDirective)
        })
      })
      await tab.goto(site.page)
      return tab
    }
    const readViolations = (tab: Page): Promise<string[]> =>
      tab.evaluate(() => (window as unknown as { violations: string[] }).violations)
    const [first, second] = [await open(), await open()]
    await logIn(first, 'ada')
    await promises(async (eventually) => {
      await eventually(() => readText(second)).toContain(noteOf('ada'))
      await click(first, 'Log out')
      for (const tab of [first, second]) {
        await eventually(() => readText(tab)).toContain('Signed out')
        expect(await readViolations(tab)).toEqual([])
      }
      await eventually(() => site.sessions.size).toBe(0)
    })

    // A violation would be seen.
    await first.evaluate(() => {
      const script = document.createElement('script')
      script.append('0')
      document.body.append(script)
    })
    await eventually(() => readViolations(first)).not.toEqual([])
  })
})
