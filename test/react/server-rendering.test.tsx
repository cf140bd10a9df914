// @vitest-environment node
import { inspect } from 'node:util'
import {
  dehydrate,
  QueryClient,
  QueryClientProvider,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type ReactNode, Suspense } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import {
  AuthProvider,
  memoryStorage,
  SignedIn,
  SignedOut,
  useAuth,
  useToken,
  useUser,
  type TokenStorage,
} from 'signoff'
import { answers, deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const render = ({ client, queryClient }: ReturnType<typeof makeClient>, children: ReactNode): string =>
  renderToString(
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={client}>{children}</AuthProvider>
    </QueryClientProvider>,
  )

const Page = () => {
  const { status } = useAuth()
  const user = useUser()
  const token = useToken()
  const selected = useAuth((state) => state.status)
  return (
    <>
      <p>{JSON.stringify({ status, selected, user, token }).replaceAll('"', '')}</p>
      <SignedIn fallback={<i>loading</i>}>private</SignedIn>
      <SignedOut>log in</SignedOut>
    </>
  )
}

const restoring = '<p>{status:restoring,selected:restoring,user:null,token:null}</p><i>loading</i>'

const spyStorage = (token: string | null) =>
  ({ get: vi.fn(() => token), set: vi.fn(), remove: vi.fn() }) satisfies TokenStorage

describe('a render without a window', () => {
  it.each([['token'], [null]])(
    'is `restoring`, with the fallback of SignedIn and without SignedOut, whatever the storage holds (%s)',
    (token) => {
      expect(typeof window).toBe('undefined')
      const storage = spyStorage(token)
      const fetch = vi.fn()
      const html = render(makeClient({ baseUrl: 'https://api.example.com', storage, fetch }), <Page />)
      expect(html).toBe(restoring)
      for (const method of [storage.get, storage.set, storage.remove, fetch])
        expect(method).not.toHaveBeenCalled()
    },
  )

  it('needs no storage option, and an address that is a path is enough', () => {
    expect(render(makeClient({ baseUrl: '/api' }), <Page />)).toBe(restoring)
  })

  it('shows nothing for SignedIn without a fallback', () => {
    const app = makeClient({ baseUrl: '/api' })
    expect(render(app, <SignedIn>private</SignedIn>)).toBe('')
  })

  it('is the same where a session is on, so that hydration finds what it expects', () => {
    const app = makeClient({ baseUrl: '/api', storage: memoryStorage() })
    app.client.setSession({ user: { id: '1', email: ada.email }, token: 'T' })
    expect(app.client.getState().status).toBe('signed-in')
    expect(render(app, <Page />)).toBe(restoring)
  })

  it('mounts nothing', () => {
    const app = makeClient({ baseUrl: '/api', storage: memoryStorage() })
    const open = vi.fn()
    vi.stubGlobal('BroadcastChannel', open)
    render(app, <Page />)
    vi.unstubAllGlobals()
    expect(open).not.toHaveBeenCalled()
    expect(app.queryClient.getQueryCache().hasListeners()).toBe(false)
  })
})

describe('a client without a window', () => {
  it('mounts and unmounts without complaint', () => {
    const { client } = makeClient({ baseUrl: '/api', storage: memoryStorage() })
    client.mount()
    expect(client.getState()).toEqual({ status: 'signed-out', user: null, token: null, reason: null })
    client.unmount()
  })

  it('has a working session', async () => {
    const server = await startApiServer()
    const { client } = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
    const { token } = await client.login(ada)
    expect(await client.api('notes').json()).toEqual([`private note of ${ada.email}`])
    expect(await client.logout()).toMatchObject({ token, revoked: true })
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
  })
})

describe('two clients at once', () => {
  it.each([
    ['a storage of their own', () => ({ storage: memoryStorage() })],
    ['the default storage', () => ({})],
  ])('share nothing with %s', async (_name, options) => {
    const server = await startApiServer()
    const Notes = () => {
      const { data } = useQuery({ queryKey: ['notes'], queryFn: async () => ['never asked for'] })
      return <p>{data}</p>
    }
    const serve = async (email: string): Promise<{ html: string; state: string; token: string | null }> => {
      const app = makeClient({ baseUrl: server.baseUrl, ...options() })
      const { client, queryClient } = app
      expect(client.getState().user).toBeNull()
      client.setSession(server.issue(email))
      await queryClient.fetchQuery({ queryKey: ['notes'], queryFn: () => client.api('notes').json() })
      await queryClient.fetchQuery(client.userOptions)
      const html = render(app, <Notes />)
      return { html, state: JSON.stringify(dehydrate(queryClient)), token: client.getState().token }
    }

    const [first, second] = await Promise.all([serve(ada.email), serve(bob.email)])
    // Without a window the default storage keeps nothing, which a developer may be told.
    const reports = inspect(vi.mocked(console.warn).mock.calls, { depth: 9 })
    vi.mocked(console.warn).mockClear()

    expect(first.html).toBe('<p>private note of ada@example.com</p>')
    expect(second.html).toBe('<p>private note of bob@example.com</p>')
    expect(first.state).not.toContain('bob')
    expect(second.state).not.toContain('ada')
    expect(reports).not.toMatch(/ada|bob/)
    expect(first.token).toContain('ada')
    expect(second.token).toContain('bob')
    const tokens = (path: string) =>
      server
        .received(`GET ${path}`)
        .map((request) => request.token)
        .sort()
    expect(tokens('/api/notes')).toEqual([first.token, second.token].sort())
    expect(tokens('/api/auth/user')).toEqual([first.token, second.token].sort())
  })

  it('end their sessions each on its own', async () => {
    const server = await startApiServer()
    const queryClients = [new QueryClient(), new QueryClient()] as const
    const [one, other] = queryClients.map((queryClient) =>
      makeClient({ baseUrl: server.baseUrl, storage: memoryStorage(), queryClient }),
    )
    await one?.client.login(ada)
    await other?.client.login(bob)
    await one?.client.logout()
    expect(one?.client.getState().status).toBe('signed-out')
    expect(other?.client.getState()).toMatchObject({ status: 'signed-in', user: { email: bob.email } })
    expect(await other?.client.api('notes').json()).toEqual([`private note of ${bob.email}`])
  })
})

describe('a streamed render', () => {
  /** Renders as a server does that streams; resolves with all that it sent. */
  const stream = ({ client, queryClient }: ReturnType<typeof makeClient>, children: ReactNode) => {
    const onError = vi.fn()
    const body = new PassThrough()
    const { pipe } = renderToPipeableStream(
      <QueryClientProvider client={queryClient}>
        <AuthProvider client={client}>{children}</AuthProvider>
      </QueryClientProvider>,
      { onError, onShellReady: () => void pipe(body) },
    )
    return { onError, html: text(body) }
  }

  it('shows the fallback of SignedIn, and what suspended when it is there', async () => {
    const app = makeClient({ baseUrl: '/api' })
    const news = deferred<string>()
    const News = () => {
      const { data } = useSuspenseQuery({ queryKey: ['news'], queryFn: () => news.promise })
      return <p>{data}</p>
    }
    const { html, onError } = stream(
      app,
      <>
        <Page />
        <Suspense fallback="loading news">
          <News />
        </Suspense>
      </>,
    )
    news.resolve('public news')
    expect(await html).toContain(restoring)
    expect(await html).toContain('<p>public news</p>')
    expect(await html).not.toContain('private')
    expect(onError).not.toHaveBeenCalled()
  })

  it('of two users at once gives each their own, whoever is answered first', async () => {
    const server = await startApiServer()
    const held = new Map<string, () => void>()
    server.answer('GET /api/notes', (response, { token = '' }) => {
      const user = server.sessions.get(token)
      held.set(user?.email ?? '', () => answers.json(`note of ${user?.email}`)(response, undefined as never))
    })
    const serve = ({ email }: { email: string }) => {
      const app = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
      const { client } = app
      client.setSession(server.issue(email))
      const Notes = () => {
        const { data: user } = useSuspenseQuery(client.userOptions)
        const { data } = useSuspenseQuery({
          queryKey: ['notes'],
          queryFn: () => client.api('notes').json<string>(),
        })
        return <p>{`${user.email}: ${data}`}</p>
      }
      const streamed = stream(
        app,
        <Suspense fallback="loading">
          <Notes />
        </Suspense>,
      )
      return { ...app, ...streamed }
    }

    const [first, second] = [serve(ada), serve(bob)]
    await vi.waitFor(() => expect([...held.keys()].sort()).toEqual([ada.email, bob.email]))
    held.get(bob.email)?.()
    expect(await second.html).toContain(`<p>${bob.email}: note of ${bob.email}</p>`)
    // The one is signed out while the other still waits.
    await second.client.logout()
    held.get(ada.email)?.()
    expect(await first.html).toContain(`<p>${ada.email}: note of ${ada.email}</p>`)

    expect(await second.html).not.toContain('ada')
    expect(await first.html).not.toContain('bob')
    expect(first.onError).not.toHaveBeenCalled()
    expect(second.onError).not.toHaveBeenCalled()
    expect(JSON.stringify(dehydrate(first.queryClient))).not.toContain('bob')
    expect(dehydrate(second.queryClient).queries).toEqual([])
  })
})
