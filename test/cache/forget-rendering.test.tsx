import {
  HydrationBoundary,
  keepPreviousData,
  QueryClient,
  QueryErrorResetBoundary,
  skipToken,
  useInfiniteQuery,
  useIsFetching,
  useIsMutating,
  useMutation,
  useMutationState,
  usePrefetchQuery,
  useQueries,
  useQuery,
  useSuspenseInfiniteQuery,
  useSuspenseQueries,
  useSuspenseQuery,
} from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import * as React from 'react'
import {
  Component,
  lazy,
  memo,
  type ReactNode,
  StrictMode,
  Suspense,
  useDeferredValue,
  useState,
  useTransition,
} from 'react'
import { describe, expect, it, vi } from 'vitest'
import { SignedIn, SignedOut, useAuth, useLogout } from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { isQueryBefore } from '../support/queryVersion.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const ofAda = 'private note of ada@example.com'
const ofBob = 'private note of bob@example.com'

const start = async (queryClient?: QueryClient) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, ...(queryClient && { queryClient }) })
  const session = await app.client.login(ada)
  const notes = (...queryKey: unknown[]) => ({
    queryKey: ['notes', ...queryKey],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      app.client.api.get('notes', { signal }).json<string[]>(),
  })
  return { server, ...app, ...session, notes }
}

type App = Awaited<ReturnType<typeof start>>

const leave = ({ client }: App) => act(async () => void (await client.logout()))
const enter = ({ client }: App) => act(() => client.login(bob))
const later = () => act(async () => new Promise((resolve) => setTimeout(resolve)))

/** What is on screen: React hides what a suspended component has rendered, and keeps it in the document. */
const shown = (container: HTMLElement) => {
  const copy = container.cloneNode(true) as HTMLElement
  copy.querySelectorAll<HTMLElement>('*').forEach((node) => node.style.display === 'none' && node.remove())
  return copy.textContent
}

/** The page of a user is on screen; after the logout nothing of it is, also later; then the next user's is. */
const expectForgotten = async (app: App, container: HTMLElement, left: string) => {
  await waitFor(() => expect(container.textContent).toContain(ofAda))
  const requests = app.server.received('GET /api/notes').length

  await leave(app)
  expect(shown(container)).toBe(left)
  await later()
  expect(shown(container)).toBe(left)
  expect(app.server.received('GET /api/notes')).toHaveLength(requests)

  await enter(app)
  await waitFor(() => expect(container.textContent).toContain(ofBob))
  expect(container.textContent).not.toContain(ofAda)
}

class Boundary extends Component<{ children: ReactNode; onReset?: () => void }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }
  static getDerivedStateFromError = (error: Error) => ({ error })
  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    const retry = () => {
      this.props.onReset?.()
      this.setState({ error: null })
    }
    return <button onClick={retry}>{`failed ${error.message}`}</button>
  }
}

describe('nothing of the user is left of', () => {
  it('useQueries with combine', async () => {
    const app = await start()
    const Page = () => {
      const text = useQueries({
        queries: [app.notes(1), app.notes(2)],
        combine: (results) => results.map(({ data }) => data?.join() ?? 'nothing').join(),
      })
      return <p>{text}</p>
    }
    const { container } = renderApp(app, <Page />)
    await screen.findByText(`${ofAda},${ofAda}`)
    await expectForgotten(app, container, 'nothing,nothing')
  })

  // Before 5.100 TanStack calls `combine` without data, and where it throws tells nobody that there is none.
  it.skipIf(isQueryBefore(100))('useSuspenseQueries with combine', async () => {
    const app = await start()
    const Page = () => {
      const text = useSuspenseQueries({
        queries: [app.notes(1), app.notes(2)],
        combine: (results) => results.map(({ data }) => data.join()).join(),
      })
      return <p>{text}</p>
    }
    const { container } = renderApp(
      app,
      <Suspense fallback="loading">
        <Page />
      </Suspense>,
    )
    await screen.findByText(`${ofAda},${ofAda}`)
    await expectForgotten(app, container, 'loading')
    await screen.findByText(`${ofBob},${ofBob}`)
  })

  it('infinite queries, also of those that suspend', async () => {
    const app = await start()
    const pages = { initialPageParam: 0, getNextPageParam: (_: unknown, all: unknown[]) => all.length }
    let more!: () => Promise<unknown>
    const Page = () => {
      const { data, fetchNextPage } = useInfiniteQuery({ ...app.notes(1), ...pages })
      more = fetchNextPage
      return <p>{data?.pages.join() ?? 'nothing'}</p>
    }
    const Suspended = () => <p>{useSuspenseInfiniteQuery({ ...app.notes(2), ...pages }).data.pages.join()}</p>
    const { container } = renderApp(
      app,
      <>
        <Page />
        <Suspense fallback="loading">
          <Suspended />
        </Suspense>
      </>,
    )
    await waitFor(() => expect(screen.getAllByText(ofAda)).toHaveLength(2))
    await act(() => more())
    await screen.findByText(`${ofAda},${ofAda}`)
    await expectForgotten(app, container, 'nothingloading')
    await waitFor(() => expect(screen.getAllByText(ofBob)).toHaveLength(2))
  })

  it('placeholders: a function of the previous data, and a selection of it', async () => {
    const app = await start()
    let turn!: (page: number) => void
    const Page = () => {
      const [page, setPage] = useState(1)
      turn = setPage
      const previous = useQuery({
        ...app.notes('function', page),
        placeholderData: (before: string[] | undefined) => before,
        select: (notes) => notes.join(),
      })
      const kept = useQuery({ ...app.notes('kept', page), placeholderData: keepPreviousData })
      return <p>{`${previous.data ?? 'nothing'} ${kept.data?.join() ?? 'nothing'}`}</p>
    }
    const { container } = renderApp(app, <Page />)
    await screen.findByText(`${ofAda} ${ofAda}`)
    app.server.answer('GET /api/notes', answers.never)
    act(() => turn(2))
    expect(container.textContent).toBe(`${ofAda} ${ofAda}`)

    await leave(app)
    expect(container.textContent).toBe('nothing nothing')
    act(() => turn(3))
    expect(container.textContent).toBe('nothing nothing')
    await enter(app)
    act(() => turn(1))
    expect(container.textContent).toBe('nothing nothing')
  })

  it('initial data that is a function, and that another query gave', async () => {
    const app = await start()
    app.queryClient.setQueryData(['list'], [ofAda])
    const Page = () => {
      const { data } = useQuery({
        ...app.notes(),
        initialData: () => app.queryClient.getQueryData<string[]>(['list']),
        staleTime: 60_000,
      })
      return <p>{data?.join() ?? 'nothing'}</p>
    }
    const { container } = renderApp(app, <Page />)
    await expectForgotten(app, container, 'nothing')
  })

  it.each([['data'], 'all', () => ['data']])('a query with notifyOnChangeProps %s', async (props) => {
    const app = await start()
    const options = { ...app.notes(), notifyOnChangeProps: props as 'all' }
    const Page = memo(() => <p>{useQuery(options).data?.join() ?? 'nothing'}</p>)
    const { container } = renderApp(app, <Page />)
    await expectForgotten(app, container, 'nothing')
  })

  it('children that are memoised and get it as a prop', async () => {
    const app = await start()
    const Child = memo(({ text }: { text: string }) => <p>{text}</p>)
    const Page = () => <Child text={useQuery(app.notes()).data?.join() ?? 'nothing'} />
    const { container } = renderApp(app, <Page />)
    await expectForgotten(app, container, 'nothing')
  })

  it('a page in StrictMode that suspends', async () => {
    const app = await start()
    const Page = () => <p>{useSuspenseQuery(app.notes()).data}</p>
    const { container } = renderApp(
      app,
      <Suspense fallback="loading">
        <Page />
      </Suspense>,
      (page) => <StrictMode>{page}</StrictMode>,
    )
    await expectForgotten(app, container, 'loading')
  })

  it.skipIf(isQueryBefore(47))('a page that is prefetched while it renders', async () => {
    const app = await start()
    const Page = () => <p>{useSuspenseQuery(app.notes()).data}</p>
    const Parent = () => {
      usePrefetchQuery(app.notes())
      return (
        <Suspense fallback="loading">
          <Page />
        </Suspense>
      )
    }
    const { container } = renderApp(app, <Parent />)
    await expectForgotten(app, container, 'loading')
  })

  it('a hydrated page whose boundary renders again with the same state', async () => {
    const app = await start()
    const server = new QueryClient()
    server.setQueryData(['notes'], [ofAda])
    const state = {
      mutations: [],
      queries: [{ queryKey: ['notes'], queryHash: '["notes"]', state: server.getQueryState(['notes']) }],
    }
    const Page = () => <p>{useQuery({ ...app.notes(), staleTime: 60_000 }).data?.join() ?? 'nothing'}</p>
    let again!: () => void
    const Boundaries = () => {
      const [, render] = useState(0)
      again = () => render((count) => count + 1)
      return (
        <HydrationBoundary state={state as never}>
          <Page />
        </HydrationBoundary>
      )
    }
    const { container } = renderApp(app, <Boundaries />)
    expect(container.textContent).toBe(ofAda)
    await leave(app)
    act(() => again())
    expect(container.textContent).toBe('nothing')
    await enter(app)
    await screen.findByText(ofBob)
  })

  it('a page that is not subscribed, once it renders', async () => {
    const app = await start()
    let again!: () => void
    const Page = () => {
      const [, render] = useState(0)
      again = () => render((count) => count + 1)
      return <p>{useQuery({ ...app.notes(), subscribed: false }).data?.join() ?? 'nothing'}</p>
    }
    const { container } = renderApp(app, <Page />)
    await act(() => app.queryClient.prefetchQuery(app.notes()))
    act(() => again())
    expect(container.textContent).toBe(ofAda)
    await leave(app)
    act(() => again())
    expect(container.textContent).toBe('nothing')
  })

  it('a query that is skipped now', async () => {
    const app = await start()
    let skip!: () => void
    const Page = () => {
      const [isSkipped, setSkipped] = useState(false)
      skip = () => setSkipped(true)
      const { queryKey, queryFn } = app.notes()
      const { data } = useQuery({ queryKey, queryFn: isSkipped ? skipToken : queryFn })
      return <p>{data?.join() ?? 'nothing'}</p>
    }
    const { container } = renderApp(app, <Page />)
    await screen.findByText(ofAda)
    act(() => skip())
    expect(container.textContent).toBe(ofAda)
    await leave(app)
    expect(container.textContent).toBe('nothing')
    await enter(app)
    expect(container.textContent).toBe('nothing')
  })

  it.each([
    ['suspends, below SignedIn', true, true],
    ['throws on error, below SignedIn', false, true],
    ['suspends, whose reset asks as the next user', true, false],
    ['throws on error, whose reset asks as the next user', false, false],
  ])('an error boundary around a query that %s', async (_name, isSuspended, isBelow) => {
    const app = await start()
    vi.mocked(console.error).mockImplementation(() => {})
    const notes = {
      queryKey: ['notes'],
      retry: false,
      queryFn: vi.fn(() => Promise.reject(new Error(ofAda))),
    }
    const Suspended = () => <p>{useSuspenseQuery<string>(notes).data}</p>
    const Thrown = () => <p>{useQuery<string>({ ...notes, throwOnError: true }).data}</p>
    const page = (
      <QueryErrorResetBoundary>
        {({ reset }) => (
          <Boundary onReset={reset}>
            <Suspense fallback="loading">{isSuspended ? <Suspended /> : <Thrown />}</Suspense>
          </Boundary>
        )}
      </QueryErrorResetBoundary>
    )
    const { container } = renderApp(app, isBelow ? <SignedIn>{page}</SignedIn> : page)
    await waitFor(() => expect(container.textContent).toBe(`failed ${ofAda}`))
    await leave(app)
    if (isBelow) expect(container.textContent).toBe('')
    notes.queryFn.mockImplementation(() => Promise.resolve(ofBob) as never)
    await enter(app)
    if (!isBelow) act(() => screen.getByRole('button').click())
    await waitFor(() => expect(container.textContent).toBe(ofBob))
    vi.mocked(console.error).mockClear()
  })

  it('the counts and states of what runs', async () => {
    const app = await start()
    app.server.answer('GET /api/notes', answers.never)
    const Page = () => {
      useQuery(app.notes())
      const { mutate } = useMutation({ mutationFn: (_text: string) => new Promise<void>(() => {}) })
      const variables = useMutationState({ select: ({ state }) => state.variables })
      return (
        <button onClick={() => mutate(ofAda)}>
          {`${useIsFetching({ queryKey: ['notes'] })} ${useIsMutating()} ${variables.join()}`}
        </button>
      )
    }
    const { container } = renderApp(app, <Page />)
    act(() => screen.getByRole('button').click())
    await screen.findByText(`1 1 ${ofAda}`)
    await leave(app)
    expect(container.textContent).toBe('0 0 ')
  })
})

describe('a transition', () => {
  it('that is under way does not bring a page of the user to the screen', async () => {
    const app = await start()
    let go!: () => void
    const Page = ({ name }: { name: string }) => (
      <p>
        {
          useSuspenseQuery({
            queryKey: [name],
            queryFn: () => (name === 'b' ? new Promise<string[]>(() => {}) : [ofAda]),
          }).data
        }
      </p>
    )
    const Pages = () => {
      const [name, setName] = useState('a')
      const [isPending, startTransition] = useTransition()
      go = () => startTransition(() => setName('b'))
      return (
        <Suspense fallback="loading">
          <i>{isPending ? 'pending' : 'idle'}</i>
          <Page name={name} />
        </Suspense>
      )
    }
    const { container } = renderApp(app, <Pages />)
    await screen.findByText(ofAda)
    act(() => go())
    expect(container.textContent).toBe(`pending${ofAda}`)

    await leave(app)
    expect(shown(container)).toBe('loading')
    await later()
    expect(shown(container)).toBe('loading')
  })

  it('into a lazy login page does not keep the user on screen', async () => {
    const app = await start()
    const loaded = deferred<{ default: () => ReactNode }>()
    const Login = lazy(() => loaded.promise)
    let go!: () => void
    const Page = () => {
      const { mutate } = useLogout()
      const [, startTransition] = useTransition()
      go = () => startTransition(() => mutate())
      return <p>{useQuery(app.notes()).data?.join() ?? 'nothing'}</p>
    }
    const { container } = renderApp(
      app,
      <Suspense fallback="loading">
        <SignedIn>
          <Page />
        </SignedIn>
        <SignedOut>
          <Login />
        </SignedOut>
      </Suspense>,
    )
    await screen.findByText(ofAda)
    await act(async () => go())
    expect(shown(container)).toBe('loading')
    await act(async () => loaded.resolve({ default: () => 'log in' }))
    expect(container.textContent).toBe('log in')
  })

  it('or deferred value below SignedIn shows no user after the next', async () => {
    const app = await start()
    const frames: string[] = []
    const Page = () => {
      const data = useQuery(app.notes()).data?.join() ?? 'nothing'
      const deferredData = useDeferredValue(data)
      frames.push(`${useAuth().user?.['email'] as string}: ${deferredData}`)
      return <p>{deferredData}</p>
    }
    const { container } = renderApp(
      app,
      <SignedIn>
        <Page />
      </SignedIn>,
    )
    await screen.findByText(ofAda)
    frames.length = 0
    act(() => app.client.setSession(app.server.issue(bob.email)))
    expect(container.textContent).toBe('nothing')
    await screen.findByText(ofBob)
    expect(frames.join()).not.toContain(ofAda)
  })
})

describe.skipIf(React.version.startsWith('18.'))('React 19', () => {
  const { Activity } = React

  it.each(['visible', 'hidden'] as const)('Activity that is %s keeps nothing of the user', async (mode) => {
    const app = await start()
    let show!: (mode: 'visible' | 'hidden') => void
    const Page = () => <p>{useQuery(app.notes()).data?.join() ?? 'nothing'}</p>
    const Tabs = () => {
      const [shown, setShown] = useState<'visible' | 'hidden'>('visible')
      show = setShown
      return (
        <Activity mode={shown}>
          <Page />
        </Activity>
      )
    }
    const { container } = renderApp(app, <Tabs />)
    await screen.findByText(ofAda)
    act(() => show(mode))
    await leave(app)
    await later()
    expect(shown(container)).toBe(mode === 'visible' ? 'nothing' : '')
    act(() => show('visible'))
    expect(shown(container)).toBe('nothing')
    await enter(app)
    await screen.findByText(ofBob)
  })
})
