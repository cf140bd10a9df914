import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { memo, useState, type ReactNode, version } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  AuthProvider,
  SignedIn,
  SignedOut,
  useAuth,
  useAuthClient,
  useLogin,
  useLogout,
  useRegister,
  useToken,
  useUser,
} from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

type Options = Partial<Parameters<typeof makeClient>[0]>

const setUp = async (options: Options = {}) => {
  const server = await startApiServer()
  return { server, ...makeClient({ baseUrl: server.baseUrl, ...options }) }
}

const returning = async (options: Options = {}) => {
  const app = await setUp(options)
  const session = app.server.issue(ada.email)
  localStorage.setItem('token', session.token)
  return { ...app, ...session }
}

/** Renders a component with a hook and remembers each value that it was rendered with. */
const renderHookOf = (app: ReturnType<typeof makeClient>, useValue: () => unknown) => {
  const values: unknown[] = []
  const Probe = () => {
    values.push(useValue())
    return null
  }
  return { values, ...renderApp(app, <Probe />) }
}

const renamed = { id: 'id-of-ada@example.com', email: 'ada@new.example' }
const signedOut = (reason: string | null) => ({ status: 'signed-out', user: null, token: null, reason })

afterEach(() => vi.unstubAllGlobals())

describe('useAuth', () => {
  it('returns each state once', async () => {
    const { server: _server, user, token, ...app } = await returning()
    const { values } = renderHookOf(app, () => useAuth())
    await waitFor(() => expect(values).toHaveLength(2))
    await act(() => app.client.logout())
    expect(values).toEqual([
      { status: 'restoring', user: null, token },
      { status: 'signed-in', user, token },
      signedOut('logout'),
    ])
    expect(values[2]).toBe(app.client.getState())
  })

  it('with a selector renders only when its result changes', async () => {
    const { server: _server, ...app } = await setUp()
    await app.client.login(ada)
    const { values } = renderHookOf(app, () => useAuth((state) => state.status))
    const listener = vi.fn()
    app.client.subscribe(listener)
    act(() => void app.queryClient.setQueryData(app.client.userOptions.queryKey, renamed))
    await act(() => app.client.login(bob))
    expect(listener).toHaveBeenCalledTimes(2)
    expect(app.client.getState().user).toMatchObject({ email: bob.email })
    expect(values).toEqual(['signed-in'])
    await act(() => app.client.logout())
    expect(values).toEqual(['signed-in', 'signed-out'])
  })

  it('takes an inline selector that returns a new object each time', async () => {
    const { server: _server, ...app } = await setUp()
    await app.client.login(ada)
    const { values } = renderHookOf(app, () => useAuth(({ status, user }) => ({ status, user })))
    expect(values).toEqual([{ status: 'signed-in', user: { id: `id-of-${ada.email}`, email: ada.email } }])
    await act(() => app.client.logout())
    expect(values.at(-1)).toEqual({ status: 'signed-out', user: null })
    expect(values.length).toBeLessThan(4)
  })

  it('follows a selector that depends on props', async () => {
    const { server: _server, ...app } = await setUp()
    await app.client.login(ada)
    const Field = () => {
      const [name, setName] = useState('id')
      return <button onClick={() => setName('email')}>{String(useAuth(({ user }) => user?.[name]))}</button>
    }
    renderApp(app, <Field />)
    expect(screen.getByRole('button').textContent).toBe(`id-of-${ada.email}`)
    fireEvent.click(screen.getByRole('button'))
    expect(screen.getByRole('button').textContent).toBe(ada.email)
    act(() => void app.queryClient.setQueryData(app.client.userOptions.queryKey, renamed))
    await waitFor(() => expect(screen.getByRole('button').textContent).toBe(renamed.email))
  })
})

describe('useUser', () => {
  it('is null, then the user, then the user as the app changed it, then null', async () => {
    const { server: _server, ...app } = await setUp()
    const { values } = renderHookOf(app, () => useUser())
    const { user } = await act(() => app.client.login(ada))
    act(() => void app.queryClient.setQueryData(app.client.userOptions.queryKey, renamed))
    await act(() => app.client.logout())
    expect(values).toEqual([null, user, renamed, null])
  })

  it('is null while a stored token is being checked, and renders nothing anew when it stays null', async () => {
    const { server, ...app } = await returning()
    server.answer('GET /api/auth/user', answers.never)
    const { values } = renderHookOf(app, () => useUser())
    expect(app.client.getState().status).toBe('restoring')
    expect(values).toEqual([null])
    await act(() => app.client.logout())
    expect(app.client.getState().status).toBe('signed-out')
    expect(values).toEqual([null])
  })
})

describe('useToken', () => {
  it('is the token, renders only when it changes, and is null after logout', async () => {
    const { server: _server, token, ...app } = await returning()
    const { values } = renderHookOf(app, () => useToken())
    await waitFor(() => expect(app.client.getState().status).toBe('signed-in'))
    act(() => void app.queryClient.setQueryData(app.client.userOptions.queryKey, renamed))
    const next = await act(() => app.client.login(bob))
    await act(() => app.client.logout())
    expect(values).toEqual([token, next.token, null])
  })
})

describe('useAuthClient', () => {
  it('returns the client', async () => {
    const { server: _server, ...app } = await setUp()
    const { values } = renderHookOf(app, () => useAuthClient())
    expect(values).toEqual([app.client])
    expect(values[0]).toBe(app.client)
  })

  const hooks: [string, () => unknown][] = [
    ['useAuthClient', () => useAuthClient()],
    ['useAuth', () => useAuth()],
    ['useUser', () => useUser()],
    ['useToken', () => useToken()],
    ['useLogin', () => useLogin()],
    ['useRegister', () => useRegister()],
    ['useLogout', () => useLogout()],
    ['SignedIn', () => SignedIn({ children: 'private' })],
    ['SignedOut', () => SignedOut({ children: 'log in' })],
  ]

  it.each(hooks)(
    'and every hook, %s here, throws one sentence that names the provider outside it',
    (_name, useIt) => {
      const Probe = () => {
        useIt()
        return null
      }
      let thrown: unknown
      try {
        render(<Probe />)
      } catch (error) {
        thrown = error
      }
      // React 18 tells the console, too, of an error that it throws.
      if (version.startsWith('18.')) vi.mocked(console.error).mockClear()
      expect(thrown).toBeInstanceOf(Error)
      const { message } = thrown as Error
      expect(message).toContain('<AuthProvider')
      expect(message).not.toMatch(/[.!?]\s|\n/)
    },
  )
})

describe('SignedIn and SignedOut', () => {
  const Page = () => (
    <>
      <SignedIn fallback="checking">private</SignedIn>
      <SignedOut>log in</SignedOut>
    </>
  )

  it('show the fallback and nothing while restoring, then the children of SignedIn, then those of SignedOut', async () => {
    const { server: _server, ...app } = await returning()
    const { container } = renderApp(app, <Page />)
    expect(container.textContent).toBe('checking')
    await waitFor(() => expect(container.textContent).toBe('private'))
    await act(() => app.client.logout())
    expect(container.textContent).toBe('log in')
  })

  it('show the children of SignedOut at once where no token is stored', async () => {
    const { server: _server, ...app } = await setUp()
    const { container } = renderApp(app, <Page />)
    expect(container.textContent).toBe('log in')
  })

  it('show nothing while restoring where SignedIn has no fallback', async () => {
    const { server, ...app } = await returning()
    server.answer('GET /api/auth/user', answers.never)
    const { container } = renderApp(app, <SignedIn>private</SignedIn>)
    expect(container.textContent).toBe('')
  })

  const Draft = ({ children }: { children?: ReactNode }) => {
    const user = useUser()
    const [copy, setCopy] = useState(`copied ${String(user?.['email'])}`)
    return (
      <button onClick={() => setCopy('typed')}>
        {copy}
        {children}
      </button>
    )
  }

  it.each<[string, (client: ReturnType<typeof makeClient>['client']) => Promise<unknown>]>([
    ['logs in over it', (client) => client.login(bob)],
    [
      'logs in after a logout',
      async (client) => {
        void client.logout()
        await client.login(bob)
      },
    ],
  ])('drop the component state of a user when another %s', async (_name, next) => {
    const { server: _server, ...app } = await setUp()
    await app.client.login(ada)
    renderApp(
      app,
      <SignedIn>
        <Draft />
      </SignedIn>,
    )
    expect(screen.getByRole('button').textContent).toBe(`copied ${ada.email}`)
    fireEvent.click(screen.getByRole('button'))
    expect(screen.getByRole('button').textContent).toBe('typed')
    await act(() => next(app.client))
    expect(screen.getByRole('button').textContent).toBe(`copied ${bob.email}`)
  })

  it('drop the component state when the same user logs in again', async () => {
    const { server: _server, ...app } = await setUp()
    await app.client.login(ada)
    renderApp(
      app,
      <SignedIn>
        <Draft />
      </SignedIn>,
    )
    fireEvent.click(screen.getByRole('button'))
    await act(() => app.client.login(ada))
    expect(screen.getByRole('button').textContent).toBe(`copied ${ada.email}`)
  })

  it('keep the component state when the user of the session changes', async () => {
    const { server: _server, ...app } = await setUp()
    await app.client.login(ada)
    const Email = () => <i>{String(useUser()?.['email'])}</i>
    renderApp(
      app,
      <SignedIn>
        <Draft>
          <Email />
        </Draft>
      </SignedIn>,
    )
    fireEvent.click(screen.getByRole('button'))
    act(() => void app.queryClient.setQueryData(app.client.userOptions.queryKey, renamed))
    await screen.findByText(renamed.email)
    expect(screen.getByRole('button').textContent).toBe(`typed${renamed.email}`)
  })
})

describe('onSignOut', () => {
  const Page = () => (
    <>
      <SignedIn>private</SignedIn>
      <SignedOut>log in</SignedOut>
    </>
  )

  it('is called once, after React has committed, with the reason and the user', async () => {
    const calls: unknown[] = []
    const { server, ...app } = await setUp({
      onSignOut: (event) => calls.push([event, document.body.textContent]),
    })
    server.answer('POST /api/auth/logout', answers.never)
    const { user } = await app.client.login(ada)
    renderApp(app, <Page />)
    expect(document.body.textContent).toBe('private')

    // Outside `act`, as in a browser: React itself decides when to commit.
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
    void app.client.logout()
    void app.client.logout()
    expect(calls).toEqual([])
    await vi.waitFor(() => expect(calls).toHaveLength(1))

    expect(calls).toEqual([[{ reason: 'logout', user }, 'log in']])
    await app.client.login(bob)
    server.answer('POST /api/auth/logout', answers.status(204))
    await app.client.logout()
    await vi.waitFor(() => expect(calls).toHaveLength(2))
    expect(calls[1]).toEqual([
      { reason: 'logout', user: { id: `id-of-${bob.email}`, email: bob.email } },
      'log in',
    ])
  })

  it('knows no user where the token had not been checked yet', async () => {
    const onSignOut = vi.fn()
    const { server, ...app } = await returning({ onSignOut })
    server.answer('GET /api/auth/user', answers.never)
    expect(app.client.getState().status).toBe('restoring')
    await app.client.logout()
    await vi.waitFor(() => expect(onSignOut.mock.calls).toEqual([[{ reason: 'logout', user: null }]]))
  })

  it('is not called where nobody was signed in', async () => {
    const onSignOut = vi.fn()
    const { client } = await setUp({ onSignOut })
    await client.logout()
    await client.login(ada)
    const { user } = await client.logout()
    await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
    expect(onSignOut.mock.calls).toEqual([[{ reason: 'logout', user }]])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('cannot navigate')
      },
    ],
    ['rejects with', () => Promise.reject(new Error('cannot navigate'))],
  ])('stops nothing by what it %s, which is reported', async (_name, onSignOut) => {
    const { server, ...app } = await setUp({ onSignOut })
    const { token } = await app.client.login(ada)
    renderApp(app, <Page />)

    expect(await act(() => app.client.logout())).toMatchObject({ token, revoked: true })

    expect(document.body.textContent).toBe('log in')
    expect(server.sessions.size).toBe(0)
    await vi.waitFor(() => expect(console.warn).toHaveBeenCalledOnce())
    expect(String(vi.mocked(console.warn).mock.calls[0])).toContain('signoff: ')
    expect(String(vi.mocked(console.warn).mock.calls[0])).toContain('cannot navigate')
    vi.mocked(console.warn).mockClear()
    await act(() => app.client.login(bob))
    expect(document.body.textContent).toBe('private')
  })
})

describe('without a network', () => {
  afterEach(() => void window.dispatchEvent(new Event('online')))

  it('useLogin asks, and useLogout signs out, although the browser says that it is offline', async () => {
    const { server, ...app } = await setUp()
    let login!: ReturnType<typeof useLogin>
    let logout!: ReturnType<typeof useLogout>
    const Probe = () => {
      login = useLogin()
      logout = useLogout()
      return null
    }
    renderApp(app, <Probe />)
    act(() => void window.dispatchEvent(new Event('offline')))
    const { token } = await act(() => login.mutateAsync(ada))
    expect(app.client.getState().token).toBe(token)
    expect(await act(() => logout.mutateAsync())).toMatchObject({ token, revoked: true })
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })
})

describe('AuthProvider', () => {
  it('with another client mounts that one and unmounts the one before', async () => {
    const { queryClient, ...first } = await setUp()
    const mount = vi.spyOn(first.client, 'mount')
    const unmount = vi.spyOn(first.client, 'unmount')
    const { client: next } = makeClient({ baseUrl: 'https://api.example.com', queryClient })
    const mountNext = vi.spyOn(next, 'mount')
    const view = render(<AuthProvider client={first.client}>1</AuthProvider>)
    expect([mount.mock.calls.length, unmount.mock.calls.length]).toEqual([1, 0])
    view.rerender(<AuthProvider client={next}>2</AuthProvider>)
    expect([mount.mock.calls.length, unmount.mock.calls.length]).toEqual([1, 1])
    expect(mountNext).toHaveBeenCalledOnce()
  })

  it('with another client gives its components that one', async () => {
    const { queryClient, ...first } = await setUp()
    const { client: next } = makeClient({ baseUrl: 'https://api.example.com', queryClient })
    first.client.setSession({ user: { id: '1', email: ada.email }, token: 'token-of-ada' })
    let seen: unknown[] = []
    const Probe = () => {
      seen = [useAuthClient(), useToken()]
      return null
    }
    const view = render(<AuthProvider client={first.client}>{<Probe />}</AuthProvider>)
    expect(seen).toEqual([first.client, 'token-of-ada'])
    localStorage.clear()
    view.rerender(<AuthProvider client={next}>{<Probe />}</AuthProvider>)
    expect(seen[0]).toBe(next)
    expect(seen[1]).toBeNull()
  })

  it('renders nobody anew when it is itself rendered with the same client', async () => {
    const { client } = await setUp()
    let renders = 0
    const Probe = memo(() => {
      useUser()
      useAuthClient()
      renders += 1
      return null
    })
    const view = render(<AuthProvider client={client}>{<Probe />}</AuthProvider>)
    const before = renders
    view.rerender(<AuthProvider client={client}>{<Probe />}</AuthProvider>)
    expect(renders).toBe(before)
  })
})
