import { onlineManager } from '@tanstack/react-query'
import { act, waitFor } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { useLogout } from 'signoff'
import { answers } from '../support/apiServer.ts'
import { makeClient, renderApp } from '../support/renderApp.tsx'
import { signedIn } from '../support/requests.ts'

const endpoints = { logoutEverywhere: 'auth/logout-all' }
const everywhere = 'POST /api/auth/logout-all'
const here = 'POST /api/auth/logout'

it('asks the endpoint for it, in the place of the other', async () => {
  const { server, client, token, user } = await signedIn({ endpoints })
  server.answer(everywhere, answers.status(204))
  expect(await client.logout({ everywhere: true })).toEqual({
    user,
    token,
    status: 204,
    statusText: 'No Content',
    error: null,
    revoked: true,
  })
  expect(server.received(everywhere)).toMatchObject([{ token, body: '' }])
  expect(server.received(here)).toEqual([])
})

it('says by the status that the token was dead already, and so no other session has ended', async () => {
  const { server, client } = await signedIn({ endpoints })
  server.answer(everywhere, answers.status(401))
  expect(await client.logout({ everywhere: true })).toMatchObject({ revoked: true, status: 401, error: null })
})

it('is possible where a single token cannot be revoked', async () => {
  const { server, client } = await signedIn({ endpoints: { ...endpoints, logout: null } })
  server.answer(everywhere, answers.status(204))
  expect(await client.logout({ everywhere: true })).toMatchObject({ revoked: true })
})

it('without an endpoint throws before anything ends', async () => {
  const { server, client, token } = await signedIn()
  expect(() => client.logout({ everywhere: true })).toThrow(TypeError)
  expect(client.getState()).toMatchObject({ status: 'signed-in', token })
  expect(server.received(here)).toEqual([])
})

it('goes on as a logout does: retried, and shared by calls that follow', async () => {
  const { server, client } = await signedIn({ endpoints })
  server.answer(everywhere, (response, request) => {
    const answer = server.received(everywhere).length > 1 ? answers.status(204) : answers.status(503)
    answer(response, request)
  })
  const first = client.logout({ everywhere: true })
  expect(client.logout()).toBe(first)
  expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'logout' })
  expect(await first).toMatchObject({ revoked: true })
  expect(server.received(everywhere)).toHaveLength(2)
  expect(server.received(here)).toEqual([])
})

it('is sent again once the network is back', async () => {
  const { server, client, token } = await signedIn({ endpoints })
  server.answer(everywhere, answers.reset)
  expect(await client.logout({ everywhere: true })).toMatchObject({
    revoked: false,
    error: { code: 'network' },
  })
  const before = server.requests.length
  server.answer(everywhere, answers.status(204))
  onTestFinished(() => onlineManager.setOnline(true))
  onlineManager.setOnline(false)
  onlineManager.setOnline(true)
  await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(before))
  expect(server.requests.slice(before)).toMatchObject([{ path: '/api/auth/logout-all', token }])
})

it('signs the other tabs out, without a request of theirs', async () => {
  const { server, client, token } = await signedIn({ endpoints, storage: undefined as never })
  server.answer(everywhere, answers.status(204))
  const other = makeClient({ baseUrl: server.baseUrl, endpoints })
  client.mount()
  other.client.mount()
  expect(other.client.getState().token).toBe(token)
  await client.logout({ everywhere: true })
  await vi.waitFor(() =>
    expect(other.client.getState()).toMatchObject({ status: 'signed-out', reason: 'elsewhere' }),
  )
  expect(server.received(everywhere)).toHaveLength(1)
  expect(server.received(here)).toEqual([])
  client.unmount()
  other.client.unmount()
})

it('useLogout takes it, an event of a button counts as none, and a mistake is the mutation’s error', async () => {
  const { server, client, queryClient } = await signedIn({ endpoints })
  server.answer(everywhere, answers.status(204))
  let logout!: ReturnType<typeof useLogout>
  const App = () => {
    logout = useLogout()
    return <button onClick={logout.mutate as never}>Log out</button>
  }
  const { getByText } = renderApp({ client, queryClient }, <App />)
  act(() => logout.mutate({ everywhere: true }))
  expect(client.getState().status).toBe('signed-out')
  await waitFor(() => expect(logout.data).toMatchObject({ revoked: true }))
  expect(server.received(everywhere)).toHaveLength(1)

  act(() => client.setSession(server.issue('ada@example.com')))
  act(() => getByText('Log out').click())
  await waitFor(() => expect(server.received(here)).toHaveLength(1))

  const plain = await signedIn()
  renderApp(plain, <App />)
  act(() => logout.mutate({ everywhere: true }))
  await waitFor(() => expect(logout.error).toBeInstanceOf(TypeError))
  expect(plain.client.getState().status).toBe('signed-in')
})
