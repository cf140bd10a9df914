import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryStorage, webStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

type Options = Partial<Parameters<typeof makeClient>[0]>

/** The page of a tab in which Ada has written something, before another site is shown in it. */
const leave = async (options: Options = {}) => {
  const server = await startApiServer()
  const open = () => makeClient({ baseUrl: server.baseUrl, ...options }).client
  const page = open()
  page.mount()
  await page.login(ada)
  sessionStorage.setItem('draft', 'of ada')
  window.dispatchEvent(new Event('pagehide'))
  page.unmount()
  /** The tab shows the app again. */
  const comeBack = () => {
    const next = open()
    next.mount()
    onTestFinished(() => next.unmount())
    return next
  }
  return { server, page, open, comeBack }
}

it('another API’s page leaves it alone', async () => {
  const { comeBack } = await leave()
  const { client } = makeClient({ baseUrl: 'https://api.example.com' })
  client.mount()
  expect(sessionStorage.getItem('draft')).toBe('of ada')
  client.unmount()
  comeBack()
  expect({ ...sessionStorage }).toEqual({ draft: 'of ada' })
})

/** In another tab, which does not reach this one’s `sessionStorage`. */
const elsewhere = async (act: () => Promise<unknown>): Promise<void> => {
  const kept = { ...sessionStorage }
  await act()
  for (const [key, value] of Object.entries<string>(kept)) sessionStorage.setItem(key, value)
}

describe('what a tab has stored for itself, which shows another site', () => {
  it('is gone when it comes back to nobody', async () => {
    const { open, comeBack } = await leave()
    await elsewhere(() => open().logout())
    comeBack()
    expect({ ...sessionStorage }).toEqual({})
  })

  it('is gone when it comes back to the next user', async () => {
    const { open, comeBack } = await leave()
    await elsewhere(async () => {
      await open().logout()
      await open().login(bob)
    })
    comeBack()
    expect({ ...sessionStorage }).toEqual({})
  })

  it('is there when it comes back to its session, and nothing else is', async () => {
    const { comeBack } = await leave()
    comeBack()
    expect({ ...sessionStorage }).toEqual({ draft: 'of ada' })
  })

  it('is there after the session has been renewed', async () => {
    const { open, server, comeBack } = await leave()
    await elsewhere(async () => open().renewSession({ token: server.issue(ada.email).token }))
    comeBack()
    expect(sessionStorage.getItem('draft')).toBe('of ada')
  })

  it('stays where the app keeps it', async () => {
    const { open, comeBack } = await leave({ keepStorage: ['draft'] })
    await elsewhere(() => open().logout())
    comeBack()
    expect({ ...sessionStorage }).toEqual({ draft: 'of ada' })
  })

  it.each<[string, Options]>([
    ['a sign-out empties nothing', { clearStorage: 'token' }],
    ['each tab has a session of its own', { storage: webStorage('session') }],
    ['the session goes with the page', { storage: memoryStorage() }],
  ])('says nothing of a session where %s', async (_name, options) => {
    await leave(options)
    expect(sessionStorage.getItem('draft')).toBe('of ada')
    expect(Object.keys(sessionStorage).filter((key) => !/^draft$|^token/.test(key))).toEqual([])
  })
})

it('a page that has stored nothing for its tab leaves nothing there', async () => {
  const server = await startApiServer()
  const { client } = makeClient({ baseUrl: server.baseUrl })
  client.mount()
  await client.login(ada)
  window.dispatchEvent(new Event('pagehide'))
  expect({ ...sessionStorage }).toEqual({})
  client.unmount()
  sessionStorage.setItem('draft', 'of ada')
  window.dispatchEvent(new Event('pagehide'))
  expect({ ...sessionStorage }).toEqual({ draft: 'of ada' })
})
