import {
  keepPreviousData,
  type QueryKey,
  QueryObserver,
  useInfiniteQuery,
  useQueries,
  useQuery,
  useSuspenseQuery,
  type UseQueryOptions,
} from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import { Component, memo, type ReactNode, StrictMode, Suspense, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { isSignedOutError, SignedIn } from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const secret = 'private note of ada@example.com'

const start = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, ...options })
  await app.client.login(ada)
  const notes = (queryKey: QueryKey = ['notes']) => ({
    queryKey,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      app.client.api.get('notes', { signal }).json<string[]>(),
  })
  return { server, ...app, notes }
}

type NotesOptions = UseQueryOptions<string[], Error, string[], QueryKey>

/** Shows what a query holds, and counts its renders. */
const Notes = ({ options, renders = [] }: { options: NotesOptions; renders?: string[] }) => {
  const { data, status, fetchStatus, error } = useQuery(options)
  const shown = `${status} ${fetchStatus} ${error?.name ?? 'fine'} ${data?.join() ?? 'nothing'}`
  renders.push(shown)
  return <p>{shown}</p>
}

const blank = 'pending idle fine nothing'

const leave = async (client: Awaited<ReturnType<typeof start>>['client']) => {
  await act(async () => {
    await client.logout()
  })
}

describe('a private query', () => {
  it('without observers is removed', async () => {
    const { client, queryClient, notes } = await start()
    await queryClient.fetchQuery(notes())
    void client.logout()
    expect(queryClient.getQueryCache().getAll()).toEqual([])
  })

  it('with observers becomes blank, once, and is not fetched again', async () => {
    const { server, client, queryClient, notes } = await start()
    const renders: string[] = []
    renderApp({ client, queryClient }, <Notes options={notes()} renders={renders} />)
    await screen.findByText(`success idle fine ${secret}`)
    const before = renders.length

    await leave(client)

    expect(renders.slice(before)).toEqual([blank])
    expect(server.received('GET /api/notes')).toHaveLength(1)
    expect(queryClient.getQueryState(['notes'])).toMatchObject({
      data: undefined,
      status: 'pending',
      error: null,
    })
  })

  it('in flight is aborted, and blank', async () => {
    const { server, client, queryClient, notes } = await start()
    const closed = deferred()
    server.answer('GET /api/notes', (response) => response.on('close', closed.resolve))
    renderApp({ client, queryClient }, <Notes options={notes()} />)
    await waitFor(() => expect(server.received('GET /api/notes')).toHaveLength(1))

    await leave(client)

    await closed.promise
    expect(screen.getByText(blank)).toBeDefined()
  })

  it.each(['data', 'an error'])(
    'that ignores its signal brings back neither late %s nor a retry',
    async (what) => {
      const { client, queryClient } = await start()
      const answer = deferred<string[]>()
      const queryFn = vi.fn(async () => {
        const data = await answer.promise
        if (what === 'an error') throw new Error(secret)
        return data
      })
      const options = { queryKey: ['notes'], queryFn, retry: 3, retryDelay: 0 }
      const { container } = renderApp({ client, queryClient }, <Notes options={options} />)
      await waitFor(() => expect(queryFn).toHaveBeenCalledOnce())
      await leave(client)

      await act(async () => answer.resolve([secret]))

      expect(container.textContent).toBe(blank)
      expect(queryFn).toHaveBeenCalledOnce()
      expect(
        JSON.stringify(
          queryClient
            .getQueryCache()
            .getAll()
            .map(({ state }) => state),
        ),
      ).not.toContain(secret)
    },
  )

  it('whose answer has already arrived stays blank, whenever in the next forty microtasks logout is called', async () => {
    for (let microtasks = 0; microtasks < 40; microtasks += 1) {
      const { client, queryClient, server } = await start()
      const answer = deferred<string[]>()
      const options = { queryKey: ['notes'], queryFn: () => answer.promise }
      const view = renderApp({ client, queryClient }, <Notes options={options} />)
      await screen.findByText('pending fetching fine nothing')

      answer.resolve([secret])
      for (let count = 0; count < microtasks; count += 1) await Promise.resolve()
      await leave(client)
      await act(async () => new Promise((resolve) => setTimeout(resolve)))

      expect(view.container.textContent, `after ${microtasks} microtasks`).toBe(blank)
      view.unmount()
      await server.close()
    }
  })

  it('of which an answer has arrived does not show it to the next user, who is there at once', async () => {
    for (let microtasks = 0; microtasks < 12; microtasks += 1) {
      const { client, queryClient, server } = await start()
      const { user, token } = server.issue(bob.email)
      const answer = deferred<string[]>()
      const queryFn = vi.fn(() => answer.promise)
      const view = renderApp({ client, queryClient }, <Notes options={{ queryKey: ['notes'], queryFn }} />)
      await waitFor(() => expect(queryFn).toHaveBeenCalledOnce())
      queryFn.mockImplementation(() => Promise.resolve(['of bob']))

      answer.resolve([secret])
      for (let count = 0; count < microtasks; count += 1) await Promise.resolve()
      act(() => client.setSession({ user, token }))

      await screen.findByText('success idle fine of bob')
      expect(queryClient.getQueryData(['notes'])).toEqual(['of bob'])
      view.unmount()
      await server.close()
    }
  })

  it('has no placeholder of keepPreviousData left, also not of a page that was collected', async () => {
    const { client, queryClient } = await start()
    const pages = vi.fn(async (page: number) =>
      page === 1 ? [secret] : await new Promise<string[]>(() => {}),
    )
    let turn!: (page: number) => void
    const Pages = () => {
      const [page, setPage] = useState(1)
      turn = setPage
      const options = {
        queryKey: ['pages', page],
        queryFn: () => pages(page),
        placeholderData: keepPreviousData,
        gcTime: 0,
      }
      return <Notes options={options} />
    }
    const { container } = renderApp({ client, queryClient }, <Pages />)
    await screen.findByText(`success idle fine ${secret}`)
    act(() => turn(2))
    expect(screen.getByText(`success fetching fine ${secret}`)).toBeDefined()
    await waitFor(() => expect(queryClient.getQueryData(['pages', 1])).toBeUndefined())

    await leave(client)
    expect(container.textContent).toBe(blank)
    act(() => turn(3))
    expect(container.textContent).not.toContain(secret)
  })

  it('gives no selected result again', async () => {
    const { client, queryClient, notes } = await start()
    const options = { ...notes(), select: (data: string[]) => data.map((note) => note.toUpperCase()) }
    const { container } = renderApp({ client, queryClient }, <Notes options={options} />)
    await screen.findByText(`success idle fine ${secret.toUpperCase()}`)
    await leave(client)
    expect(container.textContent).toBe(blank)
  })

  it('does not go back to its initial data, and does not render for ever', async () => {
    const { client, queryClient, notes } = await start()
    const renders: string[] = []
    const options = { ...notes(), initialData: [secret], staleTime: Infinity }
    const { container, rerender } = renderApp(
      { client, queryClient },
      <Notes options={options} renders={renders} />,
    )
    expect(container.textContent).toBe(`success idle fine ${secret}`)
    const before = renders.length

    await leave(client)
    await act(async () => new Promise((resolve) => setTimeout(resolve)))

    expect(container.textContent).toBe(blank)
    expect(renders.length - before).toBe(1)
    expect(rerender).toBeDefined()
  })

  it('is told of its blankness whatever notifyOnChangeProps says', async () => {
    const { client, queryClient, notes } = await start()
    const { container } = renderApp(
      { client, queryClient },
      <Notes options={{ ...notes(), notifyOnChangeProps: [] }} />,
    )
    await waitFor(() => expect(queryClient.getQueryData(['notes'])).toEqual([secret]))
    await leave(client)
    expect(container.textContent).toBe(blank)
  })

  it('becomes blank below a memoised parent, in useQueries and in an infinite query', async () => {
    const { client, queryClient, notes } = await start()
    const Both = memo(() => {
      const [first, second] = useQueries({ queries: [notes(['first']), notes(['second'])] })
      const infinite = useInfiniteQuery({
        ...notes(['infinite']),
        initialPageParam: 0,
        getNextPageParam: () => 1,
      })
      return (
        <p>
          {[first.data, second.data, infinite.data?.pages].map((data) => data?.join() ?? 'nothing').join(' ')}
        </p>
      )
    })
    const { container } = renderApp({ client, queryClient }, <Both />)
    await screen.findByText(`${secret} ${secret} ${secret}`)
    await leave(client)
    expect(container.textContent).toBe('nothing nothing nothing')

    await act(() => client.login(bob))
    await screen.findByText(/^(private note of bob@example.com ?){3}$/)
  })

  it('that suspends shows its fallback, asks for nothing, and then the next user’s data', async () => {
    const { server, client, queryClient, notes } = await start()
    const Suspended = () => <p>{useSuspenseQuery(notes()).data}</p>
    const { container } = renderApp(
      { client, queryClient },
      <Suspense fallback="loading">
        <Suspended />
      </Suspense>,
    )
    await screen.findByText(secret)

    await leave(client)
    expect(screen.getByText('loading')).toBeDefined()
    await act(async () => new Promise((resolve) => setTimeout(resolve)))
    expect(server.received('GET /api/notes')).toHaveLength(1)

    await act(() => client.login(bob))
    await screen.findByText('private note of bob@example.com')
    expect(container.textContent).not.toContain(secret)
  })

  it('sends nothing on focus, reconnect or refetchInterval while signed out', async () => {
    const { client, queryClient } = await start()
    const queryFn = vi.fn(async () => [secret])
    const options = {
      queryKey: ['notes'],
      queryFn,
      refetchInterval: 5,
      refetchOnWindowFocus: 'always' as const,
    }
    const { container } = renderApp({ client, queryClient }, <Notes options={options} />)
    await waitFor(() => expect(queryFn.mock.calls.length).toBeGreaterThan(1))
    await leave(client)
    queryFn.mockClear()

    const ticks = vi.fn()
    const interval = setInterval(ticks, 5)
    await act(async () => {
      window.dispatchEvent(new Event('visibilitychange'))
      window.dispatchEvent(new Event('offline'))
      window.dispatchEvent(new Event('online'))
      await waitFor(() => expect(ticks.mock.calls.length).toBeGreaterThan(6))
    })
    clearInterval(interval)

    expect(queryFn).not.toHaveBeenCalled()
    expect(container.textContent).toBe(blank)
  })

  it('is fetched again, with its interval, when the next session begins', async () => {
    const { client, queryClient } = await start()
    let owner = 'ada'
    const queryFn = vi.fn(async () => [owner])
    renderApp(
      { client, queryClient },
      <Notes options={{ queryKey: ['notes'], queryFn, refetchInterval: 5 }} />,
    )
    await screen.findByText('success idle fine ada')
    await leave(client)
    owner = 'bob'
    queryFn.mockClear()

    await act(() => client.login(bob))

    await screen.findByText('success idle fine bob')
    await waitFor(() => expect(queryFn.mock.calls.length).toBeGreaterThan(2))
  })

  it('that is disabled stays disabled when the next session begins', async () => {
    const { client, queryClient } = await start()
    const queryFn = vi.fn(async () => [secret])
    renderApp({ client, queryClient }, <Notes options={{ queryKey: ['notes'], queryFn, enabled: false }} />)
    await leave(client)
    await act(() => client.login(bob))
    expect(screen.getByText(blank)).toBeDefined()
    expect(queryFn).not.toHaveBeenCalled()
  })

  it('that is written to while signed out is emptied at once', async () => {
    const { client, queryClient, notes } = await start()
    const { container } = renderApp({ client, queryClient }, <Notes options={notes()} />)
    await screen.findByText(`success idle fine ${secret}`)
    await leave(client)

    act(() => {
      queryClient.setQueryData(['notes'], [secret])
      queryClient.setQueryData(['other'], [secret])
    })

    expect(container.textContent).toBe(blank)
    expect(queryClient.getQueryData(['notes'])).toBeUndefined()
    expect(queryClient.getQueryData(['other'])).toBeUndefined()
  })

  it('leaves the cache when the last component that shows it is gone', async () => {
    const { client, queryClient, notes } = await start()
    const view = renderApp({ client, queryClient }, <Notes options={notes()} />)
    await screen.findByText(`success idle fine ${secret}`)
    await leave(client)
    view.unmount()
    expect(queryClient.getQueryCache().getAll()).toEqual([])
  })

  it('fails with SignedOutError where it is first asked for while nobody is signed in', async () => {
    const { server, client, queryClient, notes } = await start()
    await leave(client)
    server.requests.length = 0
    await expect(queryClient.fetchQuery(notes())).rejects.toSatisfy(isSignedOutError)
    renderApp({ client, queryClient }, <Notes options={{ ...notes(), retry: false }} />)
    await screen.findByText('error idle SignedOutError nothing')
    expect(server.requests).toEqual([])
  })

  it('works in StrictMode before and after', async () => {
    const { client, queryClient, notes } = await start()
    const { container } = renderApp({ client, queryClient }, <Notes options={notes()} />, (page) => (
      <StrictMode>{page}</StrictMode>
    ))
    await screen.findByText(`success idle fine ${secret}`)
    await leave(client)
    expect(container.textContent).toBe(blank)
    await act(() => client.login(bob))
    await screen.findByText('success idle fine private note of bob@example.com')
  })

  it('is blank for an observer outside React, which hears of it and of nothing in between', async () => {
    const { client, queryClient, notes } = await start()
    const seen: unknown[] = []
    const unsubscribe = new QueryObserver(queryClient, notes()).subscribe(({ data }) => seen.push(data))
    await waitFor(() => expect(seen).toContainEqual([secret]))
    seen.length = 0
    void client.logout()
    expect(seen).toEqual([undefined])
    unsubscribe()
  })

  it('that failed shows no error of the user any more', async () => {
    const { server, client, queryClient, notes } = await start()
    server.answer('GET /api/notes', answers.json({ message: secret }, 500))
    const { container } = renderApp({ client, queryClient }, <Notes options={notes()} />)
    await screen.findByText(/HTTPError/)
    await leave(client)
    expect(container.textContent).toBe(blank)
  })
})

describe('a public query', () => {
  const publicNews = (baseUrl: string) => ({
    queryKey: ['announcements'],
    queryFn: async () => (await (await fetch(`${baseUrl}/announcements`)).json()) as string[],
    meta: { public: true },
  })

  it('keeps its data, is not fetched again, and its component does not render', async () => {
    const { server, client, queryClient } = await start()
    const renders: string[] = []
    renderApp({ client, queryClient }, <Notes options={publicNews(server.baseUrl)} renders={renders} />)
    await screen.findByText('success idle fine public news')
    const before = renders.length

    await leave(client)
    await act(() => client.login(bob))

    expect(renders).toHaveLength(before)
    expect(screen.getByText('success idle fine public news')).toBeDefined()
    expect(server.received('GET /api/announcements')).toHaveLength(1)
  })

  it('may be written to and fetched while signed out', async () => {
    const { server, client, queryClient } = await start()
    await leave(client)
    await queryClient.fetchQuery(publicNews(server.baseUrl))
    queryClient.setQueryData(['announcements'], ['more news'])
    expect(queryClient.getQueryData(['announcements'])).toEqual(['more news'])
  })

  it('is what isPublic says; one that throws says private', async () => {
    const { client, queryClient } = await start({
      isPublic: (entry) => {
        if ('queryKey' in entry && entry.queryKey[0] === 'broken') throw new Error('Oops')
        return 'queryKey' in entry && entry.queryKey[0] === 'open'
      },
    })
    queryClient.setQueryData(['open'], 1)
    queryClient.setQueryData(['broken'], 1)
    await leave(client)
    expect(queryClient.getQueryData(['open'])).toBe(1)
    expect(queryClient.getQueryData(['broken'])).toBeUndefined()
    expect(console.warn).toHaveBeenCalledWith(expect.stringMatching(/^signoff: /), expect.any(Error))
    vi.mocked(console.warn).mockClear()
  })

  it('is never the user query', async () => {
    const { client, queryClient } = await start({ isPublic: () => true })
    expect(queryClient.getQueryData(client.userOptions.queryKey)).toMatchObject({ email: ada.email })
    await leave(client)
    expect(queryClient.getQueryData(client.userOptions.queryKey)).toBeUndefined()
  })
})

it('tells the subscribers of the cache only when all is forgotten', async () => {
  const { client, queryClient } = await start()
  for (const key of ['a', 'b', 'c']) queryClient.setQueryData([key], secret)
  const seen: number[] = []
  const unsubscribe = queryClient.getQueryCache().subscribe(({ type }) => {
    if (type === 'removed') seen.push(queryClient.getQueryCache().getAll().length)
  })
  void client.logout()
  unsubscribe()
  expect(seen).toEqual([0, 0, 0, 0])
})

it('unmounts what a component of the user has copied', async () => {
  const { client, queryClient } = await start()
  const Copy = () => <p>{useState(() => client.getState().user?.email)[0]}</p>
  const { container } = renderApp(
    { client, queryClient },
    <SignedIn>
      <Copy />
    </SignedIn>,
  )
  await screen.findByText(ada.email)
  const { user, token } = { user: { id: '2', email: bob.email }, token: 'another' }
  act(() => client.setSession({ user, token }))
  expect(container.textContent).toBe(bob.email)
})

class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {}
  static getDerivedStateFromError = (error: Error) => ({ error })
  override render = () => this.state.error?.name ?? this.props.children
}

it('lets a component that first suspends while signed out reach its error boundary', async () => {
  const { client, queryClient, notes } = await start()
  await leave(client)
  vi.mocked(console.error).mockImplementation(() => {})
  const Suspended = () => <p>{useSuspenseQuery({ ...notes(), retry: false }).data}</p>
  renderApp(
    { client, queryClient },
    <Boundary>
      <Suspense fallback="loading">
        <Suspended />
      </Suspense>
    </Boundary>,
  )
  await screen.findByText('SignedOutError')
  vi.mocked(console.error).mockClear()
  expect(render(<p />).container.textContent).toBe('')
})
