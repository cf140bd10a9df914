import { QueryClientProvider } from '@tanstack/react-query'
import { act, render, waitFor } from '@testing-library/react'
import {
  Component,
  useEffect,
  useLayoutEffect,
  useSyncExternalStore,
  type EffectCallback,
  type ReactNode,
} from 'react'
import { describe, expect, it, vi } from 'vitest'
import { AuthProvider, SignedIn, useSession, useUser } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const effects = [
  ['effect', useEffect],
  ['layout effect', useLayoutEffect],
] as const

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  await app.client.login(ada)
  const outcomes: string[] = []
  /** What the cleanup of a component of Ada’s does. */
  const leaveBehind = (): void => {
    app.queryClient.setQueryData(['notes'], ['draft of Ada'])
    app.client.api.post('notes', { json: 'draft of Ada' }).then(
      () => outcomes.push('sent'),
      ({ name }: Error) => outcomes.push(name),
    )
  }
  const expectNothing = async (): Promise<void> => {
    await waitFor(() => expect(outcomes[0]).toMatch(/^(SessionEnded|SignedOut)Error$/))
    expect(outcomes).not.toContain('sent')
    expect(server.received('POST /api/notes')).toEqual([])
    expect(app.queryClient.getQueryData(['notes'])).toBeUndefined()
  }
  return { server, ...app, leaveBehind, expectNothing }
}

/** Leaves something behind when the session ends in which it rendered. */
const makeDraft = (useAny: (effect: EffectCallback, inputs: unknown[]) => void, leave: () => void) =>
  function Draft() {
    const { signal } = useSession()
    useAny(
      () => () => {
        if (signal.aborted) leave()
      },
      [signal],
    )
    return null
  }

describe.each(effects)('the cleanup of an %s sends and writes nothing as the next user', (_name, useAny) => {
  it.each([
    ['in the same tick', async (signIn: () => void) => signIn()],
    ['a microtask later', async (signIn: () => void) => Promise.resolve().then(signIn)],
  ])('who is signed in after a logout, %s', async (_when, call) => {
    const app = await start()
    const Draft = makeDraft(useAny, app.leaveBehind)
    renderApp(
      app,
      <SignedIn>
        <Draft />
      </SignedIn>,
    )
    await act(async () => {
      void app.client.logout()
      await call(() => app.client.setSession(app.server.issue(bob.email)))
    })
    await app.expectNothing()
    expect(app.client.getState().user).toMatchObject({ email: bob.email })
  })

  it.each(['logout', 'rejection'])('whom a listener signs in at once after a %s', async (how) => {
    const app = await start()
    const { client, server } = app
    client.subscribe(() => {
      if (client.getState().status === 'signed-out') client.setSession(server.issue('guest@example.com'))
    })
    const Draft = makeDraft(useAny, app.leaveBehind)
    renderApp(
      app,
      <SignedIn>
        <Draft />
      </SignedIn>,
    )
    await act(async () => {
      if (how === 'logout') void client.logout()
      else client.rejectToken(client.getState().token ?? '')
    })
    await app.expectNothing()
    expect(client.getState().user).toMatchObject({ email: 'guest@example.com' })
  })
})

class Boundary extends Component<{ children: ReactNode }> {
  override state = { isFailed: false }
  static getDerivedStateFromError = () => ({ isFailed: true })
  override render() {
    return this.state.isFailed ? <p>Sorry</p> : this.props.children
  }
}

/** Cannot render the profile of the next user. */
const Profile = () => {
  const user = useUser() as { email: string } | null
  if (user?.email === bob.email) throw new Error('no profile')
  return null
}

describe.each(effects)('where the provider goes with the session, the cleanup of an %s', (_name, useAny) => {
  it.each(['another key', 'another place', 'an error'])('sends and writes nothing: %s', async (how) => {
    const app = await start()
    const { client, queryClient, server } = app
    vi.mocked(console.error).mockImplementation(() => {})
    const Draft = makeDraft(useAny, app.leaveBehind)
    const App = () => {
      const user = useSyncExternalStore(client.subscribe, () => client.getState().user) as {
        email: string
      } | null
      const provider = (
        <AuthProvider client={client} key={how === 'another key' ? user?.email : how}>
          {how === 'an error' && <Profile />}
          <SignedIn>
            <Draft />
          </SignedIn>
        </AuthProvider>
      )
      return how === 'another place' && user?.email === ada.email ? <main>{provider}</main> : provider
    }
    render(
      <QueryClientProvider client={queryClient}>
        <Boundary>
          <App />
        </Boundary>
      </QueryClientProvider>,
    )
    await act(async () => {})
    await act(async () => client.setSession(server.issue(bob.email)))
    await app.expectNothing()
    vi.mocked(console.error).mockClear()
  })
})

it('whoever waits for a logout may sign the next user in, and speak for them, at once', async () => {
  const { client } = makeClient({
    baseUrl: 'https://api.example.com',
    endpoints: { logout: null },
    fetch: async () => Response.json({ id: 1 }),
  })
  client.setSession({ token: 'of-ada', user: { id: '1', email: ada.email } })
  await client.logout()
  client.setSession({ token: 'of-bob', user: { id: '2', email: bob.email } })
  expect(await client.api.get('notes').json()).toEqual({ id: 1 })
})
