import type { Locator, Page } from '@playwright/test'
import { demoUser } from '../../example/demoUser.ts'
import {
  bearer,
  endSession,
  fillInRegistration,
  hold,
  logIn,
  logOut,
  newPerson,
  openTab,
  type TokenPair,
} from './notebook.ts'

/** What a visitor of the example may have before them. */
export interface State {
  /** Brings a page that has been nowhere yet there. */
  reach: (page: Page) => Promise<void>
  /** What is on screen for as long as the state lasts, and in no other. */
  sign: (page: Page) => Locator
}

const threeNotes = [
  'Buy ink.',
  'The nanosecond is a foot of wire: cut one, and hand it to whoever asks why satellites take so long.',
  'Honorificabilitudinitatibusisalongwordthatnobodyeverbrokeintwo.example/and/a/path/as/long/as/that',
]

/** Opens the notebook as somebody finds it who did not log out when they left. */
export async function visitAgain(page: Page, notes: string[] = threeNotes): Promise<TokenPair> {
  const answer = await page.request.post('/api/auth/register', { data: newPerson('Grace', 'Hopper') })
  const { user: _, ...tokens }: TokenPair & { user: unknown } = await answer.json()
  for (const text of notes) await page.request.post('/api/notes', { data: { text }, ...bearer(tokens.token) })

  await page.goto('/')
  const stored = JSON.stringify({ ...tokens, issuedAt: Date.now() })
  await page.evaluate((value) => localStorage.setItem('token', value), stored)
  await page.reload()
  return tokens
}

/** Lets the API fail for good. */
export async function fail(page: Page, url: string): Promise<void> {
  await page.route(url, (route) => route.fulfill({ status: 500, json: { message: 'Out of ink.' } }))
}

const note = (page: Page) => page.getByRole('list', { name: 'Notes' }).getByRole('listitem').first()

/** Every state of the example, by name. */
export const states = {
  restoring: {
    reach: async (page) => {
      await hold(page, '**/api/auth/user')
      await visitAgain(page)
    },
    sign: (page) => page.getByText('Loading your notes…'),
  },
  'restoring fails': {
    reach: async (page) => {
      await fail(page, '**/api/auth/user')
      await visitAgain(page)
    },
    sign: (page) => page.getByText('The server does not answer.'),
  },
  'restoring offline': {
    reach: async (page) => {
      await page.route('**/api/auth/user', async (route) => {
        await page.context().setOffline(true)
        await route.abort('internetdisconnected')
      })
      await visitAgain(page)
    },
    sign: (page) => page.getByText('You are offline.'),
  },
  'sign-in form': {
    reach: async (page) => void (await page.goto('/')),
    sign: (page) => page.getByRole('form', { name: 'Sign in' }),
  },
  'sign-in refused': {
    reach: async (page) => {
      await page.goto('/')
      await logIn(page, { email: demoUser.email, password: 'forgotten' })
    },
    sign: (page) => page.getByText('Invalid email or password'),
  },
  'register form': {
    reach: async (page) => {
      await page.goto('/')
      await page.getByRole('button', { name: 'Register' }).click()
    },
    sign: (page) => page.getByRole('form', { name: 'Register' }),
  },
  'register refused': {
    reach: async (page) => {
      await page.goto('/')
      await fillInRegistration(page, { ...newPerson('Grace', 'Hopper'), email: demoUser.email })
    },
    sign: (page) => page.getByRole('alert').filter({ hasText: /./ }),
  },
  notes: {
    reach: async (page) => void (await visitAgain(page)),
    sign: note,
  },
  'notes empty': {
    reach: async (page) => void (await visitAgain(page, [])),
    sign: (page) => page.getByText('An empty page.'),
  },
  'notes slow': {
    reach: async (page) => {
      await hold(page, /api\/(notes|announcements)/)
      await visitAgain(page)
    },
    sign: (page) => page.getByRole('region', { name: 'Notes' }).getByText('Loading your notes…'),
  },
  'notes failing': {
    reach: async (page) => {
      await fail(page, '**/api/notes')
      await fail(page, '**/api/announcements')
      await visitAgain(page)
    },
    sign: (page) => page.getByText('Your notes did not arrive.'),
  },
  'notes offline': {
    reach: async (page) => {
      await page.route('**/api/auth/user', async (route) => {
        const response = await route.fetch()
        await page.context().setOffline(true)
        await route.fulfill({ response })
      })
      await visitAgain(page)
    },
    sign: (page) => page.getByText('You are offline.'),
  },
  'note refused': {
    reach: async (page) => {
      await visitAgain(page)
      await note(page).waitFor()
      await fail(page, '**/api/notes')
      await page.getByLabel('New note').fill('Never written.')
      await page.getByRole('button', { name: 'Add note' }).click()
    },
    sign: (page) => page.getByText('Your note was not saved.'),
  },
  'note being saved': {
    reach: async (page) => {
      await visitAgain(page)
      await note(page).waitFor()
      await hold(page, '**/api/notes')
      await page.getByLabel('New note').fill('On its way.')
      await page.getByRole('button', { name: 'Add note' }).click()
    },
    sign: (page) => page.locator('[aria-busy=true]'),
  },
  'logout slow': {
    reach: async (page) => {
      await visitAgain(page)
      await hold(page, '**/api/auth/logout')
      await logOut(page)
    },
    sign: (page) => page.getByText('Telling the server'),
  },
  'logout done': {
    reach: async (page) => {
      await visitAgain(page)
      await logOut(page)
    },
    sign: (page) => page.getByText('token revoked'),
  },
  'logout failing': {
    reach: async (page) => {
      await visitAgain(page)
      await fail(page, '**/api/auth/logout')
      await logOut(page)
    },
    sign: (page) => page.getByText('HTTP 500'),
  },
  'logout offline': {
    reach: async (page) => {
      await visitAgain(page)
      await note(page).waitFor()
      await page.context().setOffline(true)
      await logOut(page)
    },
    sign: (page) => page.getByText('No answer'),
  },
  'logout elsewhere': {
    reach: async (page) => {
      await visitAgain(page)
      await logOut(await openTab(page))
    },
    sign: (page) => page.getByText('It happened in another tab.'),
  },
  'session refused': {
    reach: async (page) => {
      const tokens = await visitAgain(page)
      await note(page).waitFor()
      await endSession(page.request, tokens)
      await page.getByRole('button', { name: 'Delete note' }).first().click()
    },
    sign: (page) => page.getByText('The server no longer accepts its token.'),
  },
} satisfies Record<string, State>
