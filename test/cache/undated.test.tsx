import {
  dehydrate,
  HydrationBoundary,
  hydrate,
  QueryClient,
  useQuery,
  useSuspenseQuery,
  type DehydratedState,
} from '@tanstack/react-query'
import * as persistence from '@tanstack/react-query-persist-client'
import { act, screen, waitFor } from '@testing-library/react'
import { Suspense, useState } from 'react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { SignedIn, useUser } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const ofAda = `private note of ${ada.email}`
const ofBob = `private note of ${bob.email}`
const minute = 60_000

const start = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, ...options })
  const notes = {
    queryKey: ['notes'],
    queryFn: () => app.client.getSession().api('notes').json<string[]>(),
    staleTime: minute,
  }
  return { server, ...app, notes }
}

/** A server that streams has begun to fetch, and sends the promise with the page: of a text, which is no object to know again. */
const streamedState = (): DehydratedState => {
  const server = new QueryClient()
  void server.prefetchQuery({ queryKey: ['notes'], queryFn: async () => ofAda })
  return dehydrate(server, { shouldDehydrateQuery: () => true })
}

it.each([
  ['useQuery', useQuery],
  ['useSuspenseQuery', useSuspenseQuery],
] as const)(
  'a promise that the last user’s page was rendered with, is not the next user’s, with %s',
  async (_name, useNotes) => {
    const { client, queryClient, notes } = await start()
    const state = streamedState()
    const seen: unknown[] = []
    const Notes = () => {
      const { data } = useNotes({ ...notes, queryFn: async () => (await notes.queryFn()).join() })
      if (client.getState().user?.email === bob.email) seen.push(data)
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
    await screen.findByText(ofAda)
    await act(() => client.logout())
    await act(() => client.login(bob))
    await screen.findByText(ofBob)
    expect(seen).not.toContain(ofAda)
  },
)

it('what a server has dated whose clock is ahead is not the next user’s: neither data nor the user', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const { server, client, queryClient, notes } = await start()
  const remote = new QueryClient()
  const updatedAt = Date.now() + minute
  remote.setQueryData(['notes'], [ofAda], { updatedAt })
  remote.setQueryData(client.userOptions.queryKey, server.issue(ada.email).user, { updatedAt })
  const state = dehydrate(remote)
  const seen: unknown[] = []
  const Notes = () => {
    const user = useUser() as { email: string } | null
    const { data } = useQuery(notes)
    seen.push(user?.email, ...(data ?? []))
    return <p>{data ?? 'loading'}</p>
  }
  let openAgain = (): void => {}
  const Page = () => {
    const [time, setTime] = useState(0)
    openAgain = () => setTime(time + 1)
    return (
      <HydrationBoundary key={time} state={state}>
        <Notes />
      </HydrationBoundary>
    )
  }
  renderApp(
    { client, queryClient },
    <SignedIn>
      <Page />
    </SignedIn>,
  )
  await act(() => client.login(ada))
  await screen.findByText(ofAda)
  await act(() => client.logout())
  vi.setSystemTime(Date.now() + 2 * minute)
  seen.length = 0
  await act(() => client.login(bob))
  await screen.findByText(ofBob)
  await act(async () => openAgain())
  await screen.findByText(ofBob)
  expect(seen).not.toContain(ofAda)
  expect(seen).not.toContain(ada.email)
  expect(client.getState().user).toMatchObject({ email: bob.email })
})

it('what a persister keeps of each query, and no sign-out empties, is asked for anew in the next session of the page', async () => {
  const entries = new Map<string, string>()
  const storage = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  }
  const { experimental_createPersister: createOlder, experimental_createQueryPersister: create } =
    persistence as typeof persistence & {
      experimental_createPersister?: (options: { storage: typeof storage }) => unknown
    }
  const persister = createOlder ? createOlder({ storage }) : create({ storage }).persisterFn
  const queryClient = new QueryClient({
    defaultOptions: { queries: { persister: persister as never, retry: false } },
  })
  const { server, client, notes } = await start({ queryClient })
  const seen: unknown[] = []
  const Notes = () => {
    const { data } = useQuery(notes)
    seen.push(...(data ?? []))
    return <p>{data ?? 'loading'}</p>
  }
  renderApp(
    { client, queryClient },
    <SignedIn>
      <Notes />
    </SignedIn>,
  )
  await act(() => client.login(ada))
  await screen.findByText(ofAda)
  await waitFor(() => expect([...entries.values()].join('')).toContain(ofAda))
  await act(() => client.logout())
  seen.length = 0
  await act(() => client.login(bob))
  await screen.findByText(ofBob)
  expect(seen).not.toContain(ofAda)
  expect(server.received('GET /api/notes')).toHaveLength(2)
  // It goes on to keep what is fetched.
  await act(() => queryClient.refetchQueries({ queryKey: ['notes'] }))
  await waitFor(() => expect([...entries.values()].join('')).toContain(ofBob))
})

it('what a server has rendered for somebody who has left meanwhile is not kept', async () => {
  const { client, queryClient, notes } = await start()
  const remote = new QueryClient()
  remote.setQueryData(['notes'], [ofAda])
  hydrate(queryClient, dehydrate(remote))
  const Notes = () => <p>{useQuery(notes).data ?? 'nothing'}</p>
  renderApp({ client, queryClient }, <Notes />)
  await screen.findByText('nothing')
  expect(queryClient.getQueryData(['notes'])).toBeUndefined()
})
