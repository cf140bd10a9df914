import { QueryClientProvider } from '@tanstack/react-query'
import { render, waitFor } from '@testing-library/react'
import React, { StrictMode, useEffect, useLayoutEffect, useState, type ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { AuthProvider, useLogin, useLogout } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, type Credentials } from '../support/renderApp.tsx'

const plain = (children: ReactNode) => children
const strict = (children: ReactNode) => <StrictMode>{children}</StrictMode>

const setUp = async (mode = plain) => {
  const server = await startApiServer()
  const { client, queryClient } = makeClient({ baseUrl: server.baseUrl })
  const wrap = (page: ReactNode) =>
    mode(
      <QueryClientProvider client={queryClient}>
        <AuthProvider client={client}>{page}</AuthProvider>
      </QueryClientProvider>,
    )
  const show = (page: ReactNode) => render(wrap(page)).container
  const mutations = () =>
    JSON.stringify(
      queryClient
        .getMutationCache()
        .getAll()
        .map(({ state }) => state),
    )
  return { server, client, wrap, show, mutations }
}

/** Where a link in an e-mail leads: it logs in as it comes on screen. */
const LinkPage = ({ credentials, onSuccess }: { credentials: Credentials; onSuccess?: () => void }) => {
  const login = useLogin({ onSuccess: () => onSuccess?.() })
  const { mutate } = login
  useEffect(() => mutate(credentials), [mutate, credentials])
  return `${login.status} ${JSON.stringify(login.variables)}`
}

describe('a component that calls in its first effect', () => {
  it.each([
    ['', plain],
    [' in StrictMode', strict],
  ])('for a logout gets its result and callbacks%s', async (_mode, wrap) => {
    const { server, client, show } = await setUp(wrap)
    const { token } = server.issue(ada.email)
    localStorage.setItem('token', token)
    const onSuccess = vi.fn()
    const LogoutPage = () => {
      const { status, data, mutate } = useLogout({ onSuccess: ({ revoked }) => onSuccess(revoked) })
      useEffect(() => mutate(), [mutate])
      return `${status} ${data?.token}`
    }
    const screen = show(<LogoutPage />)
    await waitFor(() => expect(screen.textContent).toBe(`success ${token}`))
    expect(onSuccess.mock.calls[0]).toEqual([true])
    expect(client.getState().status).toBe('signed-out')
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it('for a login leaves no password behind', async () => {
    const { client, show, mutations } = await setUp()
    const screen = show(<LinkPage credentials={ada} />)
    await waitFor(() => expect(screen.textContent).toBe('success undefined'))
    expect(client.getState().status).toBe('signed-in')
    expect(mutations()).not.toContain(ada.password)
  })

  it('for a login that fails leaves no password behind', async () => {
    const { show, mutations } = await setUp()
    const screen = show(<LinkPage credentials={{ email: ada.email, password: 'wrong' }} />)
    await waitFor(() => expect(screen.textContent).toBe('error undefined'))
    expect(mutations()).not.toContain('"wrong"')
  })

  it('for a login while somebody else is signed in hears of it', async () => {
    const { server, client, show } = await setUp()
    localStorage.setItem('token', server.issue(bob.email).token)
    const onSuccess = vi.fn()
    const screen = show(<LinkPage credentials={ada} onSuccess={onSuccess} />)
    await waitFor(() => expect(screen.textContent).toBe('success undefined'))
    expect(onSuccess).toHaveBeenCalledOnce()
    expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: ada.email } })
  })
})

describe('a component that calls in its first layout effect, before anything is mounted', () => {
  const LogoutPage = ({ onSuccess }: { onSuccess: (token: string | null) => void }) => {
    const { status, data, mutate } = useLogout({ onSuccess: (result) => onSuccess(result.token) })
    useLayoutEffect(() => mutate(), [mutate])
    return `${status} ${data?.token}`
  }
  const LoginPage = ({ credentials, onSuccess }: { credentials: Credentials; onSuccess?: () => void }) => {
    const [options] = useState(onSuccess ? { onSuccess } : {})
    const login = useLogin(options)
    const { mutate } = login
    useLayoutEffect(() => mutate(credentials), [mutate, credentials])
    return `${login.status} ${JSON.stringify(login.variables)}`
  }

  it.each([
    ['', plain],
    [' in StrictMode', strict],
  ])('for a logout gets its result and callbacks%s', async (_mode, wrap) => {
    const { server, client, show } = await setUp(wrap)
    const { token } = server.issue(ada.email)
    localStorage.setItem('token', token)
    const onSuccess = vi.fn()
    const screen = show(<LogoutPage onSuccess={onSuccess} />)
    await waitFor(() => expect(screen.textContent).toBe(`success ${token}`))
    expect(onSuccess.mock.calls[0]).toEqual([token])
    expect(client.getState().status).toBe('signed-out')
    expect(server.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it.each([
    ['', plain],
    [' in StrictMode', strict],
  ])('for a login leaves no password behind%s', async (_mode, wrap) => {
    const { client, show, mutations } = await setUp(wrap)
    const onSuccess = vi.fn()
    const screen = show(<LoginPage credentials={ada} onSuccess={onSuccess} />)
    await waitFor(() => expect(screen.textContent).toBe('success undefined'))
    expect(onSuccess).toHaveBeenCalled()
    expect(client.getState().status).toBe('signed-in')
    expect(mutations()).not.toContain(ada.password)
  })

  it('for a login that fails leaves no password behind', async () => {
    const { show, mutations } = await setUp()
    const screen = show(<LoginPage credentials={{ email: ada.email, password: 'wrong' }} />)
    await waitFor(() => expect(screen.textContent).toBe('error undefined'))
    expect(mutations()).not.toContain('"wrong"')
  })

  // React 18 has no `Activity`.
  it.skipIf(React.version.startsWith('18.'))(
    'as it is shown again, for a login leaves no password behind',
    async () => {
      const { client, wrap, mutations } = await setUp()
      const page = (mode: 'hidden' | 'visible', child: ReactNode) => (
        <React.Activity mode={mode}>{wrap(child)}</React.Activity>
      )
      const { container, rerender } = render(page('visible', null))
      rerender(page('hidden', null))
      rerender(page('visible', <LoginPage credentials={ada} />))
      await waitFor(() => expect(container.textContent).toBe('success undefined'))
      expect(client.getState().status).toBe('signed-in')
      expect(mutations()).not.toContain(ada.password)
    },
  )

  it('for a login while somebody else is signed in hears of it', async () => {
    const { server, client, show } = await setUp()
    localStorage.setItem('token', server.issue(bob.email).token)
    const onSuccess = vi.fn()
    const screen = show(<LoginPage credentials={ada} onSuccess={onSuccess} />)
    await waitFor(() => expect(screen.textContent).toBe('success undefined'))
    expect(onSuccess).toHaveBeenCalledOnce()
    expect(client.getState()).toMatchObject({ status: 'signed-in', user: { email: ada.email } })
  })
})
