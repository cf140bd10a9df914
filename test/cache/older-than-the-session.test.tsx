import {
  dehydrate,
  HydrationBoundary,
  hydrate,
  QueryClient,
  useQuery,
  useSuspenseQuery,
  type DehydratedState,
} from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { Suspense } from 'react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { SignedIn } from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const ofAda = `private note of ${ada.email}`
const ofBob = `private note of ${bob.email}`
const minute = 60_000

/** What a server has rendered for somebody, a moment ago. */
const stateOf = (note: string): DehydratedState => {
  const client = new QueryClient()
  client.setQueryDefaults(['news'], { meta: { public: true } })
  client.setQueryData(['notes'], [note], { updatedAt: Date.now() - 1000 })
  client.setQueryData(['news'], 'public news', { updatedAt: Date.now() - 1000 })
  return dehydrate(client)
}

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  const options = {
    queryKey: ['notes'],
    queryFn: () => app.client.getSession().api('notes').json<string[]>(),
    staleTime: minute,
  }
  return { server, ...app, options }
}

const hooks = [
  ['useQuery', useQuery],
  ['useSuspenseQuery', useSuspenseQuery],
] as const

type App = Awaited<ReturnType<typeof start>>

const ways: [string, (app: App) => Promise<unknown>][] = [
  ['after a logout', ({ client }) => client.logout().then(() => client.login(bob))],
  ['at once', ({ client }) => client.login(bob)],
  [
    'in another tab',
    async ({ server }) => {
      localStorage.setItem('token', server.issue(bob.email).token)
      window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
    },
  ],
]

it.each(
  ways.flatMap(([way, change]) => hooks.map(([name, useNotes]) => [name, way, useNotes, change] as const)),
)(
  'server state of the last user is not taken again for the next one, with %s, %s',
  async (_name, _way, useNotes, change) => {
    const app = await start()
    const { client, queryClient, options } = app
    const state = stateOf(ofAda)
    const Notes = () => {
      const { data } = useNotes(options)
      return <p>{data ?? 'loading'}</p>
    }
    renderApp(
      { client, queryClient },
      <SignedIn>
        <HydrationBoundary state={state}>
          <Suspense fallback="loading">
            <Notes />
          </Suspense>
        </HydrationBoundary>
      </SignedIn>,
    )
    await act(() => client.login(ada))
    // The first session of a page takes what a server has rendered for its user.
    await screen.findByText(ofAda)
    await act(() => change(app))
    await screen.findByText(ofBob)
    expect(document.body.textContent).not.toContain(ofAda)
  },
)

it('what is hydrated into a query that is on screen, and is older than the last logout, is fetched', async () => {
  const { server, client, queryClient, options } = await start()
  const state = stateOf(ofAda)
  await client.login(ada)
  await client.logout()
  await client.login(bob)
  const seen: unknown[] = []
  const Notes = () => {
    const { data } = useQuery(options)
    seen.push(data)
    return <p>{data ?? 'nothing'}</p>
  }
  // Until it is answered, anything newer than nothing is taken.
  server.answer('GET /api/notes', answers.never)
  renderApp({ client, queryClient }, <Notes />)
  await waitFor(() => expect(server.received('GET /api/notes')).toHaveLength(1))
  server.answer('GET /api/notes', answers.json([ofBob]))
  await act(async () => hydrate(queryClient, state))
  await screen.findByText(ofBob)
  expect(seen.flat()).not.toContain(ofAda)
})

it('what is hydrated into a query that is on screen and fetches nothing, and is older, is forgotten', async () => {
  const { client, queryClient, options } = await start()
  const state = stateOf(ofAda)
  await client.login(ada)
  await client.login(bob)
  const seen: unknown[] = []
  const Notes = () => {
    const { data } = useQuery({ ...options, enabled: false })
    seen.push(data)
    return <p>{data ?? 'nothing'}</p>
  }
  renderApp({ client, queryClient }, <Notes />)
  await screen.findByText('nothing')
  await act(async () => hydrate(queryClient, state))
  await screen.findByText('nothing')
  expect(seen.flat()).not.toContain(ofAda)
})

it('what a server rendered for a user who has logged out in another tab by then is shown to nobody', async () => {
  const { client, queryClient, options } = await start()
  hydrate(queryClient, stateOf(ofAda))
  const Notes = () => <p>{useQuery(options).data ?? 'nothing'}</p>
  renderApp({ client, queryClient }, <Notes />)
  await screen.findByText('nothing')
  expect(client.getState().status).toBe('signed-out')
  expect(queryClient.getQueryData(['notes'])).toBeUndefined()
  expect(queryClient.getQueryData(['news'])).toBe('public news')
})

it('public data of before the logout, and newer data, are taken', async () => {
  const { client, queryClient } = await start()
  await client.login(ada)
  await client.logout()
  await client.login(bob)
  vi.useFakeTimers({ now: Date.now() + minute, toFake: ['Date'] })
  hydrate(queryClient, stateOf('of now'))
  vi.useRealTimers()
  expect(queryClient.getQueryData(['notes'])).toEqual(['of now'])
  expect(queryClient.getQueryData(['news'])).toBe('public news')
})

it.each(['before the logout', 'after the logout'])(
  'a clock that is set back %s keeps nobody from their own data, and brings nobody’s else',
  async (when) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { server, client, queryClient, options } = await start()
    const state = stateOf(ofAda)
    const Notes = () => <p>{useQuery(options).data ?? 'loading'}</p>
    renderApp({ client, queryClient }, <Notes />)
    await client.login(ada)
    await screen.findByText(ofAda)
    if (when === 'before the logout') vi.setSystemTime(Date.now() - 60 * minute)
    await act(() => client.logout())
    if (when === 'after the logout') vi.setSystemTime(Date.now() - 60 * minute)
    await act(() => client.login(bob))
    await screen.findByText(ofBob)
    const asked = server.received('GET /api/notes').length

    await act(async () => hydrate(queryClient, state))
    expect(document.body.textContent).not.toContain(ofAda)
    await screen.findByText(ofBob)
    expect(server.received('GET /api/notes').length - asked).toBeLessThan(2)
  },
)
