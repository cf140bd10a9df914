import {
  dehydrate,
  hydrate,
  type Query,
  QueryClient,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query'
import { act, screen } from '@testing-library/react'
import { StrictMode, Suspense, useEffect, useLayoutEffect } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { asyncStorage, memoryStorage, SignedIn, SignedOut, useSession } from 'signoff'
import { type ApiServer, deferred, startApiServer, type TestUser } from '../support/apiServer.ts'
import { recordPage } from '../support/page.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'
import { ended, failure, hang } from '../support/requests.ts'

const articles = 'GET /api/articles'

/** Who looks sees whose likes. */
const answerArticles = (server: ApiServer): void => {
  server.answer(articles, (response, { token = '' }) => {
    const user: TestUser | undefined = server.sessions.get(token)
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(user ? `liked by ${user.email}` : 'as a guest'))
  })
}

const start = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  answerArticles(server)
  return {
    server,
    ...makeClient({ baseUrl: server.baseUrl, storage: memoryStorage(), guests: true, ...options }),
  }
}

const useArticles = () => {
  const { api } = useSession()
  return {
    queryKey: ['articles'],
    staleTime: Infinity,
    meta: { public: 'viewer' },
    queryFn: () => api('articles').json<string>(),
  }
}

const Articles = () => <p>{useQuery(useArticles()).data ?? 'loading'}</p>
const Suspended = () => <p>{useSuspenseQuery(useArticles()).data}</p>

const pages = {
  'that shows a query': <Articles />,
  'that suspends': (
    <Suspense fallback={<p>loading</p>}>
      <Suspended />
    </Suspense>
  ),
  'in StrictMode': (
    <StrictMode>
      <Articles />
    </StrictMode>
  ),
}

describe.each(Object.entries(pages))('a public page with an optional login, %s,', (_name, page) => {
  it('is fetched anew for each who looks, and as a guest after a sign-out', async () => {
    const { server, ...app } = await start()
    const shown = recordPage()
    renderApp(app, page)
    await screen.findByText('as a guest')
    const { token } = await act(() => app.client.login(ada))
    await screen.findByText(`liked by ${ada.email}`)
    await act(() => app.client.login(bob))
    await screen.findByText(`liked by ${bob.email}`)
    shown.length = 0
    await act(async () => void (await app.client.logout()))
    await screen.findByText('as a guest')
    // What suspends, React hides where it stands, until it has something else to show.
    expect(shown.filter((text) => !text.includes('loading')).join()).not.toContain(bob.email)
    const tokens = server.received(articles).map((request) => request.token)
    expect(tokens).toEqual([undefined, token, expect.stringContaining(bob.email), undefined])
    expect(
      JSON.stringify(
        app.queryClient
          .getQueryCache()
          .getAll()
          .map(({ state }) => state),
      ),
    ).not.toMatch(/@example/)
  })

  it('is fetched anew when another tab signs out or the API rejects the token', async () => {
    const { server, ...app } = await start()
    renderApp(app, page)
    await act(() => app.client.login(ada))
    await screen.findByText(`liked by ${ada.email}`)
    act(() => app.client.rejectToken(app.client.getState().token ?? ''))
    await screen.findByText('as a guest')
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })
})

describe('a query of the viewer', () => {
  it('that nobody observes is forgotten at every change of session, a public one never', async () => {
    const { client, queryClient } = await start()
    const write = (name: string) => {
      queryClient.setQueryDefaults(['articles'], { meta: { public: 'viewer' } })
      queryClient.setQueryDefaults(['news'], { meta: { public: true } })
      queryClient.setQueryData(['articles'], name)
      queryClient.setQueryData(['news'], 'news')
    }
    const read = () => [queryClient.getQueryData(['articles']), queryClient.getQueryData(['news'])]
    client.mount()
    write('as a guest')
    expect(read()).toEqual(['as a guest', 'news'])
    await client.login(ada)
    expect(read()).toEqual([undefined, 'news'])
    write('as Ada')
    await client.login(bob)
    expect(read()).toEqual([undefined, 'news'])
    write('as Bob')
    await client.logout()
    expect(read()).toEqual([undefined, 'news'])
    client.unmount()
  })

  it('may be told by the app’s own isPublic', async () => {
    const { server, ...app } = await start({
      isPublic: (entry) => ('queryHash' in entry ? 'viewer' : false),
    })
    const Page = () => {
      const { meta: _meta, ...options } = useArticles()
      return <p>{useQuery(options).data ?? 'loading'}</p>
    }
    renderApp(app, <Page />)
    await screen.findByText('as a guest')
    await act(() => app.client.login(ada))
    await screen.findByText(`liked by ${ada.email}`)
    await act(async () => void (await app.client.logout()))
    await screen.findByText('as a guest')
    expect(server.received(articles)).toHaveLength(3)
  })

  it('that is seeded with what an ended session has seen is refused, and what a guest has seen is taken', async () => {
    const { client, queryClient } = await start()
    queryClient.setQueryDefaults(['articles'], { meta: { public: 'viewer' } })
    client.mount()
    await client.login(ada)
    queryClient.setQueryData(['articles'], 'as Ada')
    const ofAda = dehydrate(queryClient).queries.find(({ queryHash }) => queryHash === '["articles"]')
    if (!ofAda) throw new Error('Nothing of Ada is in the cache')
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(ofAda.state.dataUpdatedAt))
    await client.logout()
    hydrate(queryClient, { queries: [ofAda] })
    expect(queryClient.getQueryData(['articles'])).toBeUndefined()
    hydrate(queryClient, {
      queries: [{ ...ofAda, state: { ...ofAda.state, data: 'as a guest', dataUpdatedAt: Date.now() } }],
    })
    expect(queryClient.getQueryData(['articles'])).toBe('as a guest')
    client.unmount()
  })

  it('is never the user query, whatever isPublic says', async () => {
    const { client, queryClient } = await start({ isPublic: () => 'viewer' })
    client.mount()
    const { user } = await client.login(ada)
    await client.logout()
    queryClient.setQueryData(client.userOptions.queryKey, user)
    await vi.waitFor(() => expect(queryClient.getQueryCache().getAll()).toEqual([]))
    expect(client.getState()).toMatchObject({ status: 'signed-out', user: null })
    client.unmount()
  })

  it.each([
    ['useEffect', useEffect],
    ['useLayoutEffect', useLayoutEffect],
  ])('does not take what the user’s components write in the cleanup of %s', async (_name, useOwnEffect) => {
    const { server: _server, ...app } = await start()
    await app.client.login(ada)
    app.queryClient.setQueryDefaults(['unseen'], { meta: { public: 'viewer' } })
    const Own = () => {
      useOwnEffect(
        () => () => {
          for (const key of ['articles', 'unseen']) app.queryClient.setQueryData([key], 'drafted by Ada')
        },
        [],
      )
      return null
    }
    renderApp(
      app,
      <>
        <Articles />
        <SignedIn>
          <Own />
        </SignedIn>
      </>,
    )
    await screen.findByText(`liked by ${ada.email}`)
    const recorded = recordPage()
    await act(() => app.client.logout())
    await screen.findByText('as a guest')
    expect(recorded.join()).not.toContain('Ada')
    expect(app.queryClient.getQueryData(['unseen'])).toBeUndefined()
    // What a guest writes later stays.
    act(() => void app.queryClient.setQueryData(['articles'], 'written as a guest'))
    expect(await screen.findByText('written as a guest')).toBeDefined()
  })

  it('does not stay in a copy that is restored for somebody else', async () => {
    const { client, queryClient } = await start()
    queryClient.setQueryDefaults(['articles'], { meta: { public: 'viewer' } })
    client.mount()
    await client.login(ada)
    queryClient.setQueryData(['articles'], 'as Ada')
    await client.logout()
    expect(queryClient.getQueryCache().getAll()).toEqual([])
    client.unmount()
  })
})

it.each([
  ['that was left out is fetched for the user', false, `liked by ${ada.email}`],
  ['that was not is shown to the user as long as it is fresh', true, 'as a guest'],
])('what a server has rendered for a guest, %s', async (_name, isSent, text) => {
  const rendered = new QueryClient()
  rendered.setQueryDefaults(['articles'], { meta: { public: 'viewer' } })
  rendered.setQueryData(['articles'], 'as a guest')
  const shouldDehydrateQuery = ({ meta }: Query) => isSent || meta?.['public'] === true
  const storage = memoryStorage()
  const { server, ...app } = await start({ storage })
  storage.set(server.issue(ada.email).token)
  hydrate(app.queryClient, dehydrate(rendered, { shouldDehydrateQuery }))
  renderApp(
    app,
    <>
      <SignedIn>welcome</SignedIn>
      <Articles />
    </>,
  )
  await vi.waitFor(() => expect(document.body.textContent).toBe(`welcome${text}`))
})

describe('a guest', () => {
  it('asks without a token, by api, fetch and a handle, and a 401 ends nothing', async () => {
    const { server, client } = await start({ headers: { apikey: 'K' } })
    expect(await client.api('articles').json()).toBe('as a guest')
    expect(await (await client.fetch(`${server.baseUrl}/articles`)).json()).toBe('as a guest')
    expect(await client.getSession().api('articles').json()).toBe('as a guest')
    expect((await client.fetch(`${server.baseUrl}/notes`)).status).toBe(401)
    expect(server.requests.map(({ token, headers }) => [token, headers['apikey']])).toEqual(
      Array.from({ length: 4 }, () => [undefined, 'K']),
    )
    expect(client.getState()).toMatchObject({ status: 'signed-out', reason: null })
  })

  it('has what is under way aborted when a session begins, and never speaks for its user', async () => {
    const { server, client } = await start()
    const { arrived, closed } = hang(server, 'GET /api/slow')
    const handle = client.getSession()
    const slow = failure(client.api('slow', { retry: 0 }))
    await arrived
    await client.login(ada)
    expect(await slow).toEqual(ended('replaced'))
    await closed
    expect(await failure(handle.api('articles'))).toEqual(ended('replaced'))
    expect(handle.signal.aborted).toBe(true)
    expect(await client.api('articles').json()).toBe(`liked by ${ada.email}`)
    expect(client.getSession()).not.toBe(handle)
  })

  it('after a sign-out is another one than before, and the ended session’s handle stays refused', async () => {
    const { client } = await start()
    const before = client.getSession()
    await client.login(ada)
    const own = client.getSession()
    void client.logout()
    expect(client.getSession()).not.toBe(before)
    expect(await failure(own.api('articles'))).toEqual(ended('logout'))
    expect(await client.api('articles').json()).toBe('as a guest')
  })

  it('is nobody without the option: requests are refused', async () => {
    const { server, client } = await start({ guests: false })
    expect(await failure(client.api('articles'))).toMatchObject({ name: 'SignedOutError' })
    expect(client.getSignal().aborted).toBe(true)
    expect(server.requests).toEqual([])
  })
})

it('a page with guards beside a query of the viewer shows no login form while a token is restored', async () => {
  const storage = memoryStorage()
  const { server, ...app } = await start({ storage })
  storage.set(server.issue(ada.email).token)
  const shown = recordPage()
  renderApp(
    app,
    <>
      <SignedOut>log in</SignedOut>
      <SignedIn>welcome</SignedIn>
      <Articles />
    </>,
  )
  await screen.findByText(`liked by ${ada.email}`)
  await vi.waitFor(() => expect(document.body.textContent).toContain('welcome'))
  expect(shown.join()).not.toMatch(/log in|as a guest/)
})

describe.each(Object.entries(pages))('a public page %s, on a storage that answers late,', (_name, page) => {
  const open = async (isStored: boolean) => {
    const loaded = deferred()
    let token: string | null = null
    const getItem = async () => {
      await loaded.promise
      return token
    }
    const storage = asyncStorage({ getItem, setItem: async () => {}, removeItem: async () => {} })
    const { server, ...app } = await start({ storage })
    if (isStored) ({ token } = server.issue(ada.email))
    const shown = recordPage()
    renderApp(app, page)
    // Time enough for the page to have asked.
    await act(() => fetch(`${server.baseUrl}/announcements`))
    expect(server.received(articles)).toEqual([])
    await act(async () => loaded.resolve())
    return { server, token, shown: () => shown.join() }
  }

  it('is asked for once it is known who looks, so that a user is not shown the guest’s', async () => {
    const { server, token, shown } = await open(true)
    await screen.findByText(`liked by ${ada.email}`)
    expect(shown()).not.toContain('as a guest')
    expect(server.received(articles)).toMatchObject([{ token }])
  })

  it('is asked for as a guest where nobody is signed in', async () => {
    const { server } = await open(false)
    await screen.findByText('as a guest')
    expect(server.received(articles)).toMatchObject([{ token: undefined }])
  })
})
