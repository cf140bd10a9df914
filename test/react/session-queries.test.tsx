import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { StrictMode, Suspense } from 'react'
import { describe, expect, it } from 'vitest'
import { SignedIn, useSession } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { isQueryBefore } from '../support/queryVersion.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const noteOf = ({ email }: { email: string }) => `private note of ${email}`

/** Never retried: a first try that fails shows. */
const options = { queryKey: ['notes'], retry: false } as const

const Notes = () => {
  const { api } = useSession()
  const { data, error } = useQuery({ ...options, queryFn: () => api('notes').json<string[]>() })
  return <p>{error ? String(error) : data}</p>
}

const SuspendedNotes = () => {
  const { api } = useSession()
  const { data } = useSuspenseQuery({ ...options, queryFn: () => api('notes').json<string[]>() })
  return <p>{data}</p>
}

const pages = {
  'outside any guard': <Notes />,
  'in StrictMode': (
    <StrictMode>
      <Notes />
    </StrictMode>
  ),
  'within SignedIn': (
    <SignedIn>
      <Notes />
    </SignedIn>
  ),
  'that suspends': (
    <SignedIn>
      <Suspense>
        <SuspendedNotes />
      </Suspense>
    </SignedIn>
  ),
}

const setUp = async () => {
  const server = await startApiServer()
  return { server, ...makeClient({ baseUrl: server.baseUrl }) }
}

describe.each(Object.entries(pages))('a component %s', (_name, page) => {
  it('fetches in the session that is on, at the first try, whoever was signed in before', async () => {
    const { server, ...app } = await setUp()
    renderApp(app, page)
    await act(() => app.client.login(ada))
    await screen.findByText(noteOf(ada))

    await act(() => app.client.login(bob))
    await screen.findByText(noteOf(bob))

    await act(() => app.client.logout())
    expect(screen.queryByText(noteOf(bob))).toBeNull()
    await act(() => app.client.login(ada))
    await screen.findByText(noteOf(ada))
    expect(server.received('GET /api/notes')).toHaveLength(3)
  })
})

it('a component that does not render anew when a session begins is fetched all the same', async () => {
  const { server, ...app } = await setUp()
  const Plain = () => {
    const { data } = useQuery({
      ...options,
      queryFn: () => app.client.api('notes').json<string[]>(),
      enabled: isQueryBefore(48) || (({ queryKey }) => queryKey.length > 0),
    })
    return <p>{data}</p>
  }
  await app.client.login(ada)
  renderApp(app, <Plain />)
  await screen.findByText(noteOf(ada))
  await act(() => app.client.logout())
  await act(() => app.client.login(bob))
  await screen.findByText(noteOf(bob))
  expect(server.received('GET /api/notes')).toHaveLength(2)
})

it('a query that is asked for between the beginning of a session and the commit is a fresh one', async () => {
  const { server, ...app } = await setUp()
  await app.client.login(ada)
  renderApp(app, <Notes />)
  await screen.findByText(noteOf(ada))
  let fetched: unknown
  await act(async () => {
    app.client.setSession(server.issue(bob.email))
    const { api } = app.client.getSession()
    fetched = await app.queryClient.ensureQueryData({
      queryKey: ['notes'],
      queryFn: () => api('notes').json(),
      staleTime: 60_000,
    })
  })
  expect(fetched).toEqual([noteOf(bob)])
  await screen.findByText(noteOf(bob))
})

it('a session that ends before React has committed it leaves nothing of it, and the next one wakes the page', async () => {
  const { server, ...app } = await setUp()
  await app.client.login(ada)
  renderApp(app, <Notes />)
  await screen.findByText(noteOf(ada))
  await act(async () => {
    app.client.setSession(server.issue(bob.email))
    await app.client.logout()
  })
  expect(document.body.textContent).toBe('')
  expect(server.received('GET /api/notes')).toHaveLength(1)
  await act(() => app.client.login(ada))
  await waitFor(() => expect(document.body.textContent).toBe(noteOf(ada)))
})
