import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, waitFor } from '@testing-library/react'
import * as React from 'react'
import { StrictMode, Suspense, type ReactNode, useEffect, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { AuthProvider, SignedIn, useSession } from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { isReact18 } from '../support/isReact18.ts'
import { recordPage } from '../support/page.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const noteOf = ({ email }: { email: string }): string => `private note of ${email}`

/** The user endpoint is down, while private queries are answered. */
const start = async () => {
  const server = await startApiServer()
  server.answer('GET /api/auth/user', answers.status(503))
  localStorage.setItem('token', server.issue(ada.email).token)
  return { server, ...makeClient({ baseUrl: server.baseUrl }) }
}

/** Another tab logs somebody in. */
const logInElsewhere = (token: string): void => {
  const oldValue = localStorage.getItem('token')
  localStorage.setItem('token', token)
  window.dispatchEvent(new StorageEvent('storage', { key: 'token', oldValue, newValue: token }))
}

/** Copies the first note that it sees. */
const Skeleton = () => {
  const { api } = useSession()
  const { data } = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
  const [copy, setCopy] = useState<string>()
  if (data && !copy) setCopy(data[0])
  return <p>{copy ?? 'loading'}</p>
}

describe.each<[string, (children: ReactNode) => ReactNode]>([
  ['', (children) => children],
  [' in StrictMode', (children) => <StrictMode>{children}</StrictMode>],
])('the fallback of <SignedIn>%s', (_mode, wrap) => {
  it('keeps nothing of a user who is not restored yet when another tab logs the next one in', async () => {
    const { server, ...app } = await start()
    const { container } = renderApp(app, wrap(<SignedIn fallback={<Skeleton />}>welcome</SignedIn>))
    await waitFor(() => expect(container.textContent).toBe(noteOf(ada)))
    const shown = recordPage()
    act(() => logInElsewhere(server.issue(bob.email).token))
    await waitFor(() => expect(container.textContent).toBe(noteOf(bob)))
    expect(app.client.getState().status).toBe('restoring')
    expect(shown.join()).not.toContain(ada.email)
  })

  it('is off the screen at once, although what follows for the next user suspends', async () => {
    const { server, ...app } = await start()
    const never = new Promise<never>(() => {})
    const Loading = () => {
      throw never
    }
    const { container } = renderApp(
      app,
      wrap(
        <Suspense fallback="loading">
          <SignedIn fallback={<Skeleton />}>
            <Loading />
          </SignedIn>
        </Suspense>,
      ),
    )
    await waitFor(() => expect(container.textContent).toBe(noteOf(ada)))
    act(() => app.client.setSession(server.issue(bob.email)))
    await waitFor(() => expect(container.textContent).toContain('loading'))
    expect(container.innerHTML).not.toContain(ada.email)
  })

  it('stays mounted from the page of a server until its user is known, also while its token is renewed', async () => {
    const { server, ...app } = await start()
    const mounted = vi.fn()
    const Waiting = () => {
      useEffect(mounted, [])
      return <p>waiting</p>
    }
    const render = ({ client, queryClient }: typeof app) =>
      wrap(
        <QueryClientProvider client={queryClient}>
          <AuthProvider client={client}>
            <SignedIn fallback={<Waiting />}>welcome</SignedIn>
          </AuthProvider>
        </QueryClientProvider>,
      )
    const container = document.createElement('div')
    container.innerHTML = renderToString(render(makeClient({ baseUrl: '/api' })))
    const node = container.querySelector('p')
    expect(node?.textContent).toBe('waiting')
    const root = await act(async () => hydrateRoot(container, render(app)))
    await waitFor(() => expect(server.received('GET /api/auth/user').length).toBeGreaterThan(0))
    const times = mounted.mock.calls.length
    const { token } = server.issue(ada.email)
    act(() => app.client.renewSession({ token }))
    expect(app.client.getState()).toMatchObject({ status: 'restoring', token })
    expect(container.querySelector('p')).toBe(node)
    expect(mounted).toHaveBeenCalledTimes(times)
    act(() => app.client.renewSession({ token, user: { id: '1', email: ada.email } }))
    await waitFor(() => expect(container.textContent).toBe('welcome'))
    act(() => root.unmount())
  })
})

it.skipIf(isReact18)('what follows for its user is rendered, although it is still hidden', async () => {
  const { Activity } = React
  const { server, ...app } = await start()
  const { container } = renderApp(
    app,
    <Activity mode="hidden">
      <SignedIn fallback="loading">
        <p>welcome</p>
      </SignedIn>
    </Activity>,
  )
  await waitFor(() => expect(server.received('GET /api/auth/user').length).toBeGreaterThan(0))
  act(() => app.client.renewSession({ token: 'renewed' }))
  act(() => void app.queryClient.setQueryData(app.client.userOptions.queryKey, { id: '1', email: ada.email }))
  expect(app.client.getState().status).toBe('signed-in')
  await waitFor(() => expect(container.innerHTML).toContain('welcome'))
})
