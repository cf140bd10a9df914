import { useQuery } from '@tanstack/react-query'
import { screen, waitFor } from '@testing-library/react'
import { useLayoutEffect } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useAuth, useToken, useUser } from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const count = 1000

vi.setConfig({ testTimeout: 180_000 })

// Outside `act`, as in a browser: React itself decides what it commits together.
beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => vi.unstubAllGlobals())

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  await app.client.login(ada)
  const commits: string[] = []
  let publicRenders = 0

  const Subscriber = ({ index }: { index: number }) => {
    const user = useUser()
    const token = useToken()
    const { data } = useQuery({
      queryKey: ['private', index % 100],
      queryFn: () => app.client.api.get('notes').json<string[]>(),
      select: (notes) => notes.join(),
    })
    const status = useAuth((state) => state.status)
    return <i data-status={status}>{`${user?.email} ${token} ${data}`}</i>
  }
  const News = () => {
    publicRenders += 1
    const { data } = useQuery({ queryKey: ['news'], queryFn: async () => 'news', meta: { public: true } })
    return <b>{data}</b>
  }
  const Recorder = () => {
    useAuth()
    // Layout effects of children run in the commit itself, before anything is painted.
    useLayoutEffect(() => {
      const texts = new Set(Array.from(document.querySelectorAll('i'), ({ textContent }) => textContent))
      commits.push([...texts].join(' | '))
    })
    return null
  }
  const Tree = () => (
    <>
      {Array.from({ length: count }, (_, index) => (
        <Subscriber key={index} index={index} />
      ))}
      <News />
      <Recorder />
    </>
  )
  renderApp(app, <Tree />)
  const last = () => document.querySelectorAll('i')[count - 1]?.textContent
  // A thousand components take longer than what is waited for elsewhere.
  await waitFor(() => expect(last()).toContain('private note'), { timeout: 120_000 })
  await screen.findByText('news')
  return { server, ...app, commits, publicRenders: () => publicRenders }
}

/** Every commit of React, by the hook that its developer tools use, as the texts of the subscribers. */
const recordMutations = () => {
  const seen: string[] = []
  const observer = new MutationObserver(() => {
    seen.push(
      [...new Set(Array.from(document.querySelectorAll('i'), ({ textContent }) => textContent))].join(' | '),
    )
  })
  observer.observe(document.body, { subtree: true, childList: true, characterData: true })
  return { seen, stop: () => observer.disconnect() }
}

it('signs 1,000 components out in one commit, and renders none that shows public data', async () => {
  const { server, client, commits, publicRenders } = await start()
  server.answer('POST /api/auth/logout', answers.never)
  const before = publicRenders()
  commits.length = 0
  const dom = recordMutations()

  void client.logout()
  await waitFor(() => expect(commits).not.toEqual([]))
  await new Promise((resolve) => setTimeout(resolve))
  dom.stop()

  expect(commits).toEqual(['undefined null undefined'])
  expect(new Set(dom.seen)).toEqual(new Set(['undefined null undefined']))
  expect(publicRenders()).toBe(before)
  expect(screen.getByText('news')).toBeDefined()
})

it('moves 1,000 components to the next user without showing the one before', async () => {
  const { server, client, commits } = await start()
  const { user, token } = server.issue(bob.email)
  commits.length = 0
  const dom = recordMutations()

  client.setSession({ user, token })
  const isThere = () => expect(document.body.textContent).toContain('private note of bob@example.com')
  await waitFor(isThere)
  dom.stop()

  expect(commits).toEqual([`${bob.email} ${token} undefined`])
  for (const frame of dom.seen) expect(frame).not.toContain(ada.email)
})

it('keeps user and token together in every commit of a login', async () => {
  const { client } = await start()
  const pairs = new Set<string>()
  const unsubscribe = client.subscribe(() => {
    const { user, token } = client.getState()
    pairs.add(`${user?.email} ${token?.replace(/^token-\d+-of-/, '')}`)
  })
  await client.logout()
  await client.login(bob)
  await client.logout()
  unsubscribe()
  expect([...pairs]).toEqual(['undefined undefined', `${bob.email} ${bob.email}`])
})
