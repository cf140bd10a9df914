import { QueryClientProvider } from '@tanstack/react-query'
import { act, render, waitFor } from '@testing-library/react'
import { type ReactNode, StrictMode, useEffect, useLayoutEffect, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  AuthProvider,
  type AuthClient,
  SignedIn,
  SignedOutError,
  useSession,
  type TokenStorage,
} from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'
import { ended, failure } from '../support/requests.ts'

type App = ReturnType<typeof makeClient>
type Handle = ReturnType<AuthClient['getSession']>

const Tree = ({ client, queryClient, children }: App & { children?: ReactNode }) => (
  <QueryClientProvider client={queryClient}>
    <AuthProvider client={client}>{children}</AuthProvider>
  </QueryClientProvider>
)

const setUp = async () => {
  const server = await startApiServer()
  return { server, app: makeClient({ baseUrl: server.baseUrl }), notes: `${server.baseUrl}/notes` }
}

const recording = () => {
  const handles: Handle[] = []
  const Probe = () => {
    handles.push(useSession())
    return null
  }
  return { handles, Probe }
}

const renamed = { id: `id-of-${ada.email}`, email: 'ada@new.example' }

describe('useSession', () => {
  it('is the client’s handle, and renders only when the session changes', async () => {
    const { app } = await setUp()
    const { client, queryClient } = app
    const { handles, Probe } = recording()
    const nobody = client.getSession()
    renderApp(app, <Probe />)
    await act(() => client.login(ada))
    const first = client.getSession()
    act(() => void queryClient.setQueryData(client.userOptions.queryKey, renamed))
    expect(client.getState().user).toEqual(renamed)
    await act(() => queryClient.refetchQueries({ queryKey: client.userOptions.queryKey }))
    expect(client.getState().user).toMatchObject({ email: ada.email })
    await act(() => client.login(bob))
    const second = client.getSession()
    await act(() => client.logout())
    expect(handles).toEqual([nobody, first, second, nobody])
    handles.forEach((handle, index) => expect(handle).toBe([nobody, first, second, nobody][index]))
    expect(first).not.toBe(second)
  })

  it('is the same while a stored token is checked and after', async () => {
    const { server, app } = await setUp()
    localStorage.setItem('token', server.issue(ada.email).token)
    const { handles, Probe } = recording()
    renderApp(app, <Probe />)
    expect(app.client.getState().status).toBe('restoring')
    await waitFor(() => expect(app.client.getState().status).toBe('signed-in'))
    expect(handles).toHaveLength(1)
    expect(await handles[0]?.api('notes').json()).toEqual([`private note of ${ada.email}`])
  })

  it('throws one sentence that names the provider where there is none', () => {
    const { Probe } = recording()
    vi.mocked(console.error).mockImplementation(() => {})
    expect(() => render(<Probe />)).toThrow('Render this inside <AuthProvider>')
    vi.mocked(console.error).mockClear()
  })

  it.each([
    ['', ({ children }: { children: ReactNode }) => children],
    [' in StrictMode', StrictMode],
  ])('keeps what a cleanup sends from speaking for the next user%s', async (_mode, Mode) => {
    const { server, app, notes } = await setUp()
    const { client } = app
    await client.login(ada)
    const errors: Promise<unknown>[] = []
    const Draft = () => {
      const { api, fetch, signal } = useSession()
      useEffect(
        () => () => {
          // StrictMode cleans up while the session is on.
          if (signal.aborted) errors.push(failure(api.post('notes', { json: { kind: 'effect' } })))
        },
        [api, signal],
      )
      useLayoutEffect(
        () => () => {
          if (signal.aborted) errors.push(failure(fetch(notes, { method: 'POST', body: '{}' })))
        },
        [fetch, signal],
      )
      return null
    }
    render(
      <Mode>
        <Tree {...app}>
          <Draft />
          <SignedIn>
            <Draft />
          </SignedIn>
        </Tree>
      </Mode>,
    )
    expect(errors).toEqual([])
    await act(() => client.login(bob))
    await waitFor(() => expect(errors).toHaveLength(4))
    expect(await Promise.all(errors)).toEqual(errors.map(() => ended('replaced')))
    await act(() => client.logout())
    await waitFor(() => expect(errors).toHaveLength(8))
    expect(await Promise.all(errors.slice(4))).toEqual(errors.slice(4).map(() => ended('logout')))
    expect(server.received('POST /api/notes')).toEqual([])
  })

  it('lets an event handler of a user who has left reach nobody', async () => {
    const { server, app } = await setUp()
    await app.client.login(ada)
    const save = vi.fn<() => Promise<unknown>>()
    const Form = () => {
      const { api } = useSession()
      save.mockImplementation(async () => api.post('notes', { json: { text: 'a note' } }))
      return null
    }
    renderApp(
      app,
      <SignedIn>
        <Form />
      </SignedIn>,
    )
    await save()
    const stale = save.getMockImplementation()
    await act(() => app.client.login(bob))
    expect(await failure(stale?.() ?? Promise.resolve())).toEqual(ended('replaced'))
    await save()
    expect(server.received('POST /api/notes').map(({ token }) => token)).toEqual([
      expect.stringContaining(ada.email),
      expect.stringContaining(bob.email),
    ])
  })

  it('works in StrictMode', async () => {
    const { app } = await setUp()
    await app.client.login(ada)
    const answered: unknown[] = []
    const Notes = () => {
      const { api, signal } = useSession()
      useEffect(() => {
        const load = async () => answered.push(await api('notes').json())
        if (!signal.aborted) void load()
      }, [api, signal])
      return null
    }
    render(
      <StrictMode>
        <Tree {...app}>
          <Notes />
        </Tree>
      </StrictMode>,
    )
    await waitFor(() => expect(answered.length).toBeGreaterThan(0))
    expect(answered[0]).toEqual([`private note of ${ada.email}`])
    await act(() => app.client.logout())
  })
})

/** Hydrates what a server, which knows of no session, has rendered. */
const hydrate = async (app: App, children: ReactNode, onServer = children) => {
  const onRecoverableError = vi.fn()
  const container = document.createElement('div')
  container.innerHTML = renderToString(<Tree {...makeClient({ baseUrl: '/api' })}>{onServer}</Tree>)
  document.body.append(container)
  await act(async () => {
    const root = hydrateRoot(container, <Tree {...app}>{children}</Tree>, { onRecoverableError })
    onTestFinished(() => {
      act(() => root.unmount())
      container.remove()
    })
  })
  expect(onRecoverableError).not.toHaveBeenCalled()
}

describe('the handle of the first render that hydrates', () => {
  it.each<[string, typeof useEffect]>([
    ['effects', useEffect],
    ['layout effects', useLayoutEffect],
  ])('is that of the session of that moment, before the %s of siblings', async (_name, useAnEffect) => {
    const { server, app } = await setUp()
    localStorage.setItem('token', server.issue(ada.email).token)
    const { client } = app
    const { handles, Probe } = recording()
    const Replace = () => {
      useAnEffect(() => {
        client.setSession(server.issue(bob.email))
      }, [])
      return null
    }
    await hydrate(
      app,
      <>
        <Replace />
        <Probe />
      </>,
      // React 18 warns of layout effects there.
      <Probe />,
    )
    // The first is that of the render on the server.
    const [, first] = handles
    expect(client.getState().user).toMatchObject({ email: bob.email })
    expect(await failure(first?.api('notes') ?? Promise.resolve())).toEqual(ended('replaced'))
    expect(await failure(first?.api.get('notes').json() ?? Promise.resolve())).toEqual(ended('replaced'))
    expect(await failure(first?.fetch(`${server.baseUrl}/notes`) ?? Promise.resolve())).toEqual(
      ended('replaced'),
    )
    expect(first?.signal.reason).toEqual(ended('replaced'))
    expect(handles.at(-1)).toBe(client.getSession())
    expect(server.received('GET /api/notes')).toEqual([])
  })

  it('sends for the session that is on, from an effect on', async () => {
    const { server, app } = await setUp()
    localStorage.setItem('token', server.issue(ada.email).token)
    const answered: unknown[] = []
    const Notes = () => {
      const { api, fetch } = useSession()
      const [first] = useState({ api, fetch })
      useEffect(() => {
        const load = async () => {
          answered.push(
            await first.api('notes').json(),
            await first.api.get('notes').json(),
            await first.api.extend({ retry: 0 })('notes').json(),
            await (await first.fetch(`${server.baseUrl}/notes`)).json(),
          )
        }
        void load()
      }, [first])
      return null
    }
    await hydrate(app, <Notes />)
    await waitFor(() => expect(answered).toHaveLength(4))
    expect(answered).toEqual(answered.map(() => [`private note of ${ada.email}`]))
  })

  it('is nobody’s for good where nobody is signed in', async () => {
    const { server, app } = await setUp()
    const { handles, Probe } = recording()
    await hydrate(app, <Probe />)
    const [, first] = handles
    expect(first?.signal.reason).toBeInstanceOf(SignedOutError)
    await act(() => app.client.login(ada))
    expect(await failure(first?.api('notes') ?? Promise.resolve())).toBeInstanceOf(SignedOutError)
    expect(server.received('GET /api/notes')).toEqual([])
    expect(await handles.at(-1)?.api('notes').json()).toEqual([`private note of ${ada.email}`])
  })
})

describe('a server render', () => {
  it('reads no storage and sends nothing, unless the handle is used', async () => {
    const server = await startApiServer()
    server.answer('GET /api/notes', answers.json(['never']))
    const storage = {
      get: vi.fn(() => server.issue(ada.email).token),
      set: vi.fn(),
      remove: vi.fn(),
    } satisfies TokenStorage
    const app = makeClient({ baseUrl: server.baseUrl, storage })
    const { handles, Probe } = recording()
    const html = renderToString(
      <Tree {...app}>
        <Probe />
      </Tree>,
    )
    expect(html).toBe('')
    expect(handles).toHaveLength(1)
    expect(Object.keys(handles[0] ?? {}).sort()).toEqual(['api', 'fetch', 'signal'])
    for (const method of [storage.get, storage.set, storage.remove]) expect(method).not.toHaveBeenCalled()
    expect(server.requests).toEqual([])
    await handles[0]?.api('notes')
    expect(storage.get).toHaveBeenCalled()
  })
})
