import type { Page } from 'puppeteer-core'
import type { AuthState } from 'signoff'
import { eventually, newTab, test } from '../engines/promises/promise.ts'
import type { ApiServer } from '../support/openApiServer.ts'
import type { Domains } from './openDomains.ts'
import './window.ts'

export interface LoginSite extends Domains {
  /** The app and its API. */
  app: ApiServer
}

export interface Fixtures<Site extends LoginSite> {
  domains: Site
  app: ApiServer
  hold: Domains['hold']
  /** Opens an address, the app's own by default, as somebody who has never been there. */
  open: (address?: string) => Promise<Page>
}

/**
 * Tests of the logins of one app, on domains and in a browser of their own.
 *
 * @param home - The address of the app.
 */
export const testLogins = <Site extends LoginSite>(openSite: () => Promise<Site>, home: string) =>
  test.extend<Fixtures<Site>>({
    // Playwright reads there what a fixture needs.
    // oxlint-disable-next-line no-empty-pattern
    domains: async ({}, use) => {
      const site = await openSite()
      await use(site)
      await site.close()
    },

    app: async ({ domains }, use) => use(domains.app),

    hold: async ({ domains }, use) => use(domains.hold),

    open: async ({ domains, engine, launch }, use) => {
      const browser = await launch(domains.launchOptions[engine])
      await use(async (address = home) => {
        const tab = await newTab(await browser.createBrowserContext())
        await tab.goto(address)
        return tab
      })
    },
  })

const buttonOf = (tab: Page, name: string) => tab.locator(`::-p-xpath(//button[normalize-space()="${name}"])`)

/** Clicks as a user does. */
export const click = async (tab: Page, name: string): Promise<void> => {
  await tab.bringToFront()
  await buttonOf(tab, name).click()
}

/** Waits until the button is there. */
export const seeButton = (tab: Page, name: string): Promise<unknown> => buttonOf(tab, name).wait()

export const seeIn = async (tab: Page, selector: string, text: string): Promise<void> => {
  // There may be nothing between two documents.
  const read = () => tab.$eval(selector, ({ textContent }) => textContent).catch(() => '')
  await eventually(read).toContain(text)
}

/** Waits until the page of somebody who is signed in says so. */
export const see = (tab: Page, text: string): Promise<void> => seeIn(tab, 'main', text)

/** Waits until the page says that something went wrong. */
export const seeAlert = async (tab: Page, text = ''): Promise<void> => {
  await tab.locator('[role="alert"]').wait()
  await seeIn(tab, '[role="alert"]', text)
}

export const stateOf = (tab: Page): Promise<AuthState> => tab.evaluate(() => window.authClient.getState())

export const logOut = (tab: Page) => tab.evaluate(() => window.authClient.logout())

/** What is asked for, or why there is no answer. */
export const askForNotes = (tab: Page): Promise<string> =>
  tab.evaluate(() => window.authClient.api('notes').text().catch(String))

/** How many keys the app's storages have. */
export const countStored = (tab: Page): Promise<number> =>
  tab.evaluate(() => localStorage.length + sessionStorage.length)

/** The addresses of the app that one can go back to. */
export const historyOf = (tab: Page): Promise<string> =>
  tab.evaluate(() => {
    const { navigation } = window as unknown as { navigation: { entries: () => { url: string }[] } }
    return navigation
      .entries()
      .map(({ url }) => url)
      .join(' ')
  })
