import { act, render, screen } from '@testing-library/react'
import { type ComponentType, lazy, type ReactNode, startTransition, StrictMode, Suspense } from 'react'
import { describe, expect, it, vi } from 'vitest'
import {
  AuthProvider,
  SignedIn,
  SignedOut,
  useAuth,
  useAuthClient,
  useSession,
  useToken,
  useUser,
} from 'signoff'
import { isReact18 } from '../support/isReact18.ts'
import { ada, makeClient } from '../support/renderApp.tsx'

const signedIn = () => {
  const app = makeClient({ baseUrl: 'https://api.example.com', endpoints: { logout: null } })
  app.client.setSession({ user: { id: '1', email: ada.email }, token: 'token-of-ada' })
  return app
}

const Reader = () => {
  useSession()
  useAuthClient()
  return <p>{`${useUser()?.email} ${useToken()}`}</p>
}

it('subscribes once, however many components read the user, the token, the session and the client', () => {
  const { client } = signedIn()
  const subscribe = vi.spyOn(client, 'subscribe')
  render(
    <AuthProvider client={client}>
      {Array.from({ length: 100 }, (_, index) => (
        <Reader key={index} />
      ))}
      <SignedIn>in</SignedIn>
      <SignedOut>out</SignedOut>
    </AuthProvider>,
  )
  expect(subscribe).toHaveBeenCalledOnce()
  expect(screen.getAllByText(`${ada.email} token-of-ada`)).toHaveLength(100)
})

it('subscribes once more for each useAuth', () => {
  const { client } = signedIn()
  const subscribe = vi.spyOn(client, 'subscribe')
  const Status = () => useAuth(({ status }) => status)
  render(
    <AuthProvider client={client}>
      <Status />
      <Status />
    </AuthProvider>,
  )
  expect(subscribe).toHaveBeenCalledTimes(3)
})

const boundaries: [string, ComponentType<{ children: ReactNode }>][] = [
  ['within a boundary', ({ children }) => <Suspense>{children}</Suspense>],
  // React 18 gives a page up that suspends without one.
  ...(isReact18 ? [] : [['without a boundary', ({ children }) => children] as (typeof boundaries)[number]]),
]

describe.each(boundaries)('a login page that is still loading, %s', (_name, Boundary) => {
  it('keeps no private page in the document, not even within a transition', () => {
    const { client } = signedIn()
    const Login = lazy(() => new Promise<never>(() => {}))
    render(
      <StrictMode>
        <AuthProvider client={client}>
          <Boundary>
            <SignedIn>
              <Reader />
            </SignedIn>
            <SignedOut>
              <Login />
            </SignedOut>
          </Boundary>
        </AuthProvider>
      </StrictMode>,
    )
    expect(document.body.textContent).toContain('token-of-ada')
    act(() => startTransition(() => void client.logout()))
    expect(document.body.textContent).toBe('')
  })

  it('nor does a page of the next user that is still loading', () => {
    const { client } = signedIn()
    const Late = lazy(() => new Promise<never>(() => {}))
    const Page = () => (useUser()?.email === ada.email ? <Reader /> : <Late />)
    render(
      <AuthProvider client={client}>
        <Boundary>
          <SignedIn>
            <Page />
          </SignedIn>
        </Boundary>
      </AuthProvider>,
    )
    expect(document.body.textContent).toContain('token-of-ada')
    act(() => client.setSession({ user: { id: '2', email: 'alan@example.com' }, token: 'token-of-alan' }))
    expect(document.body.textContent).toBe('')
  })
})

it('renders who reads the user, and nobody else, when the user alone changes', () => {
  const { client, queryClient } = signedIn()
  const rendered: string[] = []
  const note = (name: string) => void rendered.push(name)
  const User = () => {
    useUser()
    note('user')
    return null
  }
  const Token = () => {
    useToken()
    note('token')
    return null
  }
  const Session = () => {
    useSession()
    note('session')
    return null
  }
  const Client = () => {
    useAuthClient()
    note('client')
    return null
  }
  const Guarded = () => {
    note('guard')
    return null
  }
  render(
    <AuthProvider client={client}>
      <User />
      <Token />
      <Session />
      <Client />
      <SignedIn>
        <Guarded />
      </SignedIn>
    </AuthProvider>,
  )
  expect(rendered).toEqual(['user', 'token', 'session', 'client', 'guard'])
  act(() => void queryClient.setQueryData(client.userOptions.queryKey, { id: '1', email: 'new@example.com' }))
  expect(client.getState().user).toEqual({ id: '1', email: 'new@example.com' })
  expect(rendered).toEqual(['user', 'token', 'session', 'client', 'guard', 'user'])
})
