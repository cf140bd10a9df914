import {
  MutationCache,
  MutationObserver,
  QueryClient,
  QueryObserver,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { Component, memo, type ReactNode, Suspense, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { isSignedOutError, useLogin, useLogout } from 'signoff'
import { deferred, startApiServer } from '../support/apiServer.ts'
import { isReact18 } from '../support/isReact18.ts'
import { isQueryBefore } from '../support/queryVersion.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const start = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, ...options })
  const session = await app.client.login(ada)
  const notes = {
    queryKey: ['notes'],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      app.client.api.get('notes', { signal }).json<string[]>(),
  }
  let logout!: ReturnType<typeof useLogout>
  const Notes = ({ options: more = {} }: { options?: object }) => (
    <p>{useQuery({ ...notes, ...more }).data?.join() ?? 'nothing'}</p>
  )
  /** A component that logs out, with the options of `useLogout` that an app gives it. */
  const Leave = (props: Parameters<typeof useLogout>[0]) => {
    logout = useLogout(props)
    return null
  }
  return { server, ...app, ...session, notes, Notes, Leave, logout: () => logout }
}

const ofAda = 'private note of ada@example.com'
const ofBob = 'private note of bob@example.com'

describe('an app that empties the cache itself', () => {
  it.each(['just before the logout', 'long before the logout'])(
    '%s shows nothing of the user after it',
    async (when) => {
      const { client, queryClient, Notes } = await start()
      const { container } = renderApp({ client, queryClient }, <Notes />)
      await screen.findByText(ofAda)

      await act(async () => {
        queryClient.clear()
        if (when === 'long before the logout') await new Promise((resolve) => setTimeout(resolve))
        await client.logout()
      })
      expect(container.textContent).toBe('nothing')

      await act(() => client.login(bob))
      await screen.findByText(ofBob)
    },
  )

  it.each(['clear', 'removeQueries'] as const)(
    'with %s after the logout shows the next user their data',
    async (how) => {
      const { client, queryClient, Notes } = await start()
      const { container } = renderApp({ client, queryClient }, <Notes />)
      await screen.findByText(ofAda)
      await act(async () => {
        await client.logout()
        queryClient[how]()
      })
      expect(container.textContent).toBe('nothing')

      await act(() => client.login(bob))
      await screen.findByText(ofBob)
    },
  )

  it('and asks for something public by the same key shows nothing of the user after the logout', async () => {
    const { client, queryClient, notes, Notes } = await start()
    const { container } = renderApp({ client, queryClient }, <Notes options={{ staleTime: Infinity }} />)
    await screen.findByText(ofAda)
    queryClient.removeQueries(notes)
    const other = new QueryObserver(queryClient, {
      queryKey: notes.queryKey,
      queryFn: () => ['public'],
      meta: { public: true },
    })
    const stop = other.subscribe(() => {})
    await waitFor(() => expect(other.getCurrentResult().data).toEqual(['public']))

    await act(() => client.logout())
    expect(container.textContent).not.toContain(ofAda)
    stop()
  })

  it.each([
    ['clear', (client: QueryClient) => client.clear()],
    ['removeQueries', (client: QueryClient) => client.removeQueries()],
    ['cancelQueries', (client: QueryClient) => void client.cancelQueries()],
  ])('with %s in a login’s onSuccess leaves no component loading', async (_name, habit) => {
    const { client, queryClient, Notes } = await start()
    let login!: ReturnType<typeof useLogin>
    const Enter = () => {
      login = useLogin({ onSuccess: () => habit(queryClient) })
      return null
    }
    renderApp(
      { client, queryClient },
      <>
        <Notes />
        <Enter />
      </>,
    )
    await screen.findByText(ofAda)
    await act(() => client.logout())
    act(() => login.mutate(bob))
    await screen.findByText(ofBob)
    // Over a session as well.
    await act(() => login.mutateAsync(ada))
    await screen.findByText(ofAda)
  })

  it.each([
    ['clear', (client: QueryClient) => client.clear()],
    ['cancelQueries', (client: QueryClient) => void client.cancelQueries()],
  ])(
    'with %s in onSignOut, as another user takes over, leaves no component loading',
    async (_name, habit) => {
      const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
      const onSignOut = vi.fn(() => habit(queryClient))
      const { server, client, Notes } = await start({ queryClient, onSignOut })
      renderApp({ client, queryClient }, <Notes />)
      await screen.findByText(ofAda)
      act(() => client.setSession(server.issue(bob.email)))
      await waitFor(() => expect(onSignOut).toHaveBeenCalledOnce())
      await screen.findByText(ofBob)
    },
  )

  it('while signed in stays signed in', async () => {
    const { client, queryClient, token } = await start()
    queryClient.clear()
    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  })
})

describe('an app whose own functions', () => {
  // Before 5.48, `enabled` may be no function.
  const enabled = isQueryBefore(48) ? [] : ['enabled']

  it.each([...enabled, 'staleTime', 'refetchInterval'])(
    '(%s) expect data are not shown anything else',
    async (name) => {
      const { client, queryClient, Notes } = await start()
      const answers = { enabled: true, staleTime: 0, refetchInterval: 60_000 }
      const seen: unknown[] = []
      const option = ({ state }: { state: { data?: string[] } }) => {
        seen.push(state.data)
        return answers[name as keyof typeof answers]
      }
      const { container } = renderApp({ client, queryClient }, <Notes options={{ [name]: option }} />)
      await screen.findByText(ofAda)
      seen.length = 0
      await act(async () => void (await client.logout()))
      expect(container.textContent).toBe('nothing')
      expect(seen.filter((data) => data !== undefined)).toEqual([])
    },
  )

  // React 18 does not survive what is thrown in an effect of TanStack's.
  it.each([...enabled, 'staleTime', ...(isReact18 ? [] : ['refetchInterval'])])(
    '(%s) throw where there is no data leave nothing of the user on screen',
    async (name) => {
      const { client, queryClient, Notes } = await start()
      const answers = { enabled: true, staleTime: 0, refetchInterval: 60_000 }
      const option = ({ state }: { state: { data: string[] } }) =>
        state.data.length >= 0 && answers[name as keyof typeof answers]
      class Boundary extends Component<{ children: ReactNode }> {
        override state = { hasFailed: false }
        static getDerivedStateFromError = () => ({ hasFailed: true })
        override render = () => (this.state.hasFailed ? 'failed' : this.props.children)
      }
      const { container } = renderApp(
        { client, queryClient },
        <Boundary>
          <Notes options={{ initialData: [], [name]: option }} />
        </Boundary>,
      )
      await screen.findByText(ofAda)
      await act(async () => void (await client.logout()))
      expect(container.textContent).not.toContain(ofAda)
      expect(client.getState().status).toBe('signed-out')
      vi.mocked(console.error).mockClear()
      vi.mocked(console.warn).mockClear()
    },
  )

  it('subscribe to the cache and throw stop nothing', async () => {
    const { server, client, queryClient, token, Notes } = await start()
    const { container } = renderApp({ client, queryClient }, <Notes />)
    await screen.findByText(ofAda)
    const unsubscribe = queryClient.getQueryCache().subscribe(({ type }) => {
      if (type === 'removed') throw new Error('Oops')
    })

    await act(async () => void (await client.logout()))
    unsubscribe()

    expect(container.textContent).toBe('nothing')
    expect(server.sessions.has(token)).toBe(false)
    expect(console.warn).toHaveBeenCalledWith(
      expect.any(String),
      expect.objectContaining({ message: 'Oops' }),
    )
    vi.mocked(console.warn).mockClear()
    const events = vi.fn()
    queryClient.getQueryCache().subscribe(events)
    queryClient.setQueryData(['other'], 1)
    expect(events).toHaveBeenCalled()
  })
})

describe('an app whose onMutate takes its time', () => {
  it('has logged out before it, and gets the result of that logout', async () => {
    const { client, queryClient, user, token, Leave, logout } = await start()
    const waited = deferred()
    renderApp({ client, queryClient }, <Leave onMutate={() => waited.promise} />)
    let result!: Promise<unknown>
    act(() => {
      result = logout().mutateAsync()
      expect(client.getState().status).toBe('signed-out')
    })
    await waitFor(() => expect(client.getState().status).toBe('signed-out'))
    await client.logout()
    await act(async () => waited.resolve())
    expect(await result).toMatchObject({ user, token, status: 200, revoked: true })
  })

  it('in a mutation outside React gets the result of that logout, too', async () => {
    const { client, queryClient, user, token } = await start()
    const waited = deferred()
    const options = { mutationFn: client.logout, onMutate: () => waited.promise }
    const result = new MutationObserver(queryClient, options).mutate()
    expect(client.getState().status).toBe('signed-out')
    await client.logout()
    waited.resolve()
    expect(await result).toMatchObject({ user, token, status: 200, revoked: true })
  })

  it('does not log the next user out', async () => {
    const { server, client, queryClient, Leave, logout } = await start()
    const waited = deferred()
    const onSuccess = vi.fn()
    renderApp({ client, queryClient }, <Leave onMutate={() => waited.promise} onSuccess={onSuccess} />)
    act(() => logout().mutate())
    const { token } = await act(() => client.login(bob))

    await act(async () => waited.resolve())
    await waitFor(() => expect(onSuccess).toHaveBeenCalledOnce())

    expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it('for all mutations has logged out before it, too', async () => {
    const mutationCache = new MutationCache({ onMutate: () => new Promise(() => {}) })
    const { client, queryClient, Leave, logout } = await start({
      queryClient: new QueryClient({ mutationCache }),
    })
    renderApp({ client, queryClient }, <Leave />)
    act(() => {
      logout().mutate()
      expect(client.getState().status).toBe('signed-out')
    })
  })
})

describe('an app that asks the cache while signed out', () => {
  it('for a query that is mounted gets SignedOutError', async () => {
    const { client, queryClient, notes, Notes } = await start()
    renderApp({ client, queryClient }, <Notes />)
    await screen.findByText(ofAda)
    await act(async () => void (await client.logout()))
    await expect(queryClient.ensureQueryData(notes)).rejects.toSatisfy(isSignedOutError)
    await expect(queryClient.fetchQuery(notes)).rejects.toSatisfy(isSignedOutError)
  })

  it('to refetch everything does not wait for ever on a suspended component', async () => {
    const { server, client, queryClient, notes } = await start()
    const Suspended = () => <p>{useSuspenseQuery(notes).data}</p>
    renderApp(
      { client, queryClient },
      <Suspense fallback="loading">
        <Suspended />
      </Suspense>,
    )
    await screen.findByText(ofAda)
    await act(async () => void (await client.logout()))
    await act(() => queryClient.invalidateQueries())
    await act(() => queryClient.refetchQueries())
    expect(server.received('GET /api/notes')).toHaveLength(1)
    expect(screen.getByText('loading')).toBeDefined()
  })
})

it('shows a component that first suspends on a forgotten query the next user’s data', async () => {
  const { client, queryClient, notes, Notes } = await start()
  const Suspended = memo(() => <b>{useSuspenseQuery(notes).data}</b>)
  let show!: (isShown: boolean) => void
  const Page = () => {
    const [isShown, setShown] = useState(false)
    show = setShown
    return <Suspense fallback="loading">{isShown && <Suspended />}</Suspense>
  }
  renderApp(
    { client, queryClient },
    <>
      <Notes />
      <Page />
    </>,
  )
  await screen.findByText(ofAda)
  await act(async () => void (await client.logout()))
  await act(async () => show(true))
  expect(screen.getByText('loading')).toBeDefined()

  await act(() => client.login(bob))

  await waitFor(() => expect(screen.getAllByText(ofBob)).toHaveLength(2))
})

it('shows the API’s message although the password is a word of it', async () => {
  const { client } = await start()
  await expect(client.login({ ...bob, password: 'wrong' })).rejects.toMatchObject({
    message: 'E-mail or password is wrong',
    status: 401,
  })
})

it.each<
  [
    string,
    (data: string[] | undefined, query: { state: { data: string[] } } | undefined) => string[] | undefined,
  ]
>([
  ['what the query before holds', (_data, query) => query && query.state.data.slice(0, 1)],
  [
    'the data before, where there is a query',
    (data, query) => (query ? (data as string[]).slice(0, 1) : undefined),
  ],
  ['of its own', (data) => data?.slice(0, 1) ?? ['placeholder']],
])('a placeholder that is %s leaves nothing on screen', async (_name, placeholderData) => {
  const { client, queryClient, Notes } = await start()
  const { container } = renderApp(
    { client, queryClient },
    <Notes options={{ placeholderData: placeholderData as never }} />,
  )
  await screen.findByText(ofAda)
  await act(() => client.logout())
  expect(['nothing', 'placeholder']).toContain(container.textContent)
  await act(() => client.login(bob))
  await screen.findByText(ofBob)
})
