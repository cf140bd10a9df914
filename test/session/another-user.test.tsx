import { useQuery } from '@tanstack/react-query'
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { SignedIn, useUser } from 'signoff'
import { answers, startApiServer, type TestUser } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const start = async (options: Partial<Parameters<typeof makeClient>[0]> = {}) => {
  const server = await startApiServer()
  const onSignOut = vi.fn()
  const app = makeClient({ baseUrl: server.baseUrl, onSignOut, ...options })
  const { token, user } = await app.client.login(ada)
  const Notes = () => {
    const { data } = useQuery({
      queryKey: ['notes'],
      queryFn: ({ signal }) => app.client.getSession().api('notes', { signal }).json<string[]>(),
    })
    return <p>{data ?? 'loading'}</p>
  }
  const Page = () => (
    <>
      <b>{(useUser() as TestUser | null)?.email}</b>
      <input aria-label="draft" />
      <Notes />
    </>
  )
  renderApp(
    app,
    <SignedIn>
      <Page />
    </SignedIn>,
  )
  await screen.findByText(`private note of ${ada.email}`)
  fireEvent.change(screen.getByLabelText('draft'), { target: { value: 'secret draft' } })
  const draft = () => screen.getByLabelText<HTMLInputElement>('draft').value
  const refetch = () =>
    act(() => app.queryClient.refetchQueries({ queryKey: app.client.userOptions.queryKey }))
  return { server, ...app, token, user, draft, refetch, onSignOut }
}

it('another user for the same token finds nothing of the one before', async () => {
  const { server, client, token, draft, refetch, onSignOut } = await start()
  const { signal } = client.getSession()
  server.sessions.set(token, { id: 'bob', email: bob.email })
  await refetch()
  await screen.findByText(bob.email)
  await screen.findByText(`private note of ${bob.email}`)
  expect(draft()).toBe('')
  expect(document.body.textContent).not.toContain(ada.email)
  expect(client.getState()).toMatchObject({ status: 'signed-in', token, user: { email: bob.email } })
  expect(signal.reason).toMatchObject({ name: 'SessionEndedError', reason: 'replaced' })
  await waitFor(() => expect(onSignOut).toHaveBeenCalledOnce())
  expect(onSignOut.mock.calls[0]).toMatchObject([{ reason: 'replaced', user: { email: ada.email } }])
  expect(localStorage.getItem('token')).toBe(token)
  expect(server.received('POST /api/auth/logout')).toEqual([])
})

it('the same user with another name keeps what is on screen', async () => {
  const { server, client, token, user, draft, refetch } = await start()
  const { signal } = client.getSession()
  server.answer('GET /api/auth/user', answers.json({ ...user, email: 'ada@new.example' }))
  await refetch()
  await screen.findByText('ada@new.example')
  expect(draft()).toBe('secret draft')
  expect(signal.aborted).toBe(false)
  expect(client.getState().token).toBe(token)
})

it('who is the same can be said by the app', async () => {
  const isSameUser = (one: TestUser, other: TestUser) => one.email === other.email
  const { server, token, user, draft, refetch } = await start({ isSameUser })
  server.sessions.set(token, { ...user, id: 'another id' })
  await refetch()
  expect(draft()).toBe('secret draft')
  server.sessions.set(token, { ...user, email: bob.email })
  await refetch()
  await waitFor(() => expect(draft()).toBe(''))
})

it('users without an id are never the same', async () => {
  const { server, token, draft, refetch } = await start()
  server.sessions.set(token, { email: ada.email } as TestUser)
  await refetch()
  await waitFor(() => expect(draft()).toBe(''))
})

it('is another one for all that is known where isSameUser throws', async () => {
  vi.mocked(console.warn).mockImplementation(() => {})
  const isSameUser = () => {
    throw new TypeError('broken')
  }
  const { server, client, token, draft, refetch } = await start({ isSameUser })
  server.sessions.set(token, { id: 'bob', email: bob.email })
  await refetch()
  await screen.findByText(`private note of ${bob.email}`)
  expect([draft(), client.getState().user]).toMatchObject(['', { email: bob.email }])
  const next = server.issue(ada.email)
  act(() => client.renewSession(next))
  await screen.findByText(`private note of ${ada.email}`)
  expect(client.getState()).toMatchObject(next)
  await vi.waitFor(() => expect(server.sessions.has(token)).toBe(false))
  expect(console.warn).toHaveBeenCalledWith(expect.any(String), expect.any(TypeError))
  vi.mocked(console.warn).mockClear()
})
