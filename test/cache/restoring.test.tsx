import { useQuery } from '@tanstack/react-query'
import { PersistQueryClientProvider } from '@tanstack/react-query-persist-client'
import { act, render, waitFor } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { AuthProvider, SignedIn, useSession } from 'signoff'
import { deferred, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const noteOf = ({ email }: { email: string }): string => `private note of ${email}`

const Notes = () => {
  const { api } = useSession()
  const { data } = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
  return <p>{data ?? 'nothing'}</p>
}

/** It knows nothing of the session: only its query could tell it. */
const Shown = () => {
  const { data } = useQuery<string[]>({ queryKey: ['notes'], queryFn: () => [], enabled: false })
  return <i>{data ?? 'nothing'}</i>
}

/** A page that a loader has filled, while the persisted copy has not come: no query listens until then. */
const start = async (wrap: (children: ReactNode) => ReactNode) => {
  const server = await startApiServer()
  const { promise, resolve } = deferred<undefined>()
  const persister = { persistClient: () => {}, removeClient: () => {}, restoreClient: () => promise }
  const { client, queryClient } = makeClient({ baseUrl: server.baseUrl, persister })
  await client.login(ada)
  queryClient.setQueryData(['notes'], [noteOf(ada)])
  const { container } = render(
    <PersistQueryClientProvider client={queryClient} persistOptions={{ persister }}>
      <AuthProvider client={client}>
        {wrap(
          <>
            <Notes />
            <Shown />
          </>,
        )}
      </AuthProvider>
    </PersistQueryClientProvider>,
  )
  await waitFor(() => expect(container.textContent).toBe(noteOf(ada) + noteOf(ada)))
  return { server, client, container, restore: () => resolve(undefined) }
}

describe.each<[string, (children: ReactNode) => ReactNode]>([
  ['without a guard', (children) => children],
  ['without a guard, in StrictMode', (children) => <StrictMode>{children}</StrictMode>],
  ['under a guard', (children) => <SignedIn>{children}</SignedIn>],
])('while a persisted copy has not come, a page %s', (_where, wrap) => {
  it('shows nothing of the user after a logout, and the next user’s once it has', async () => {
    const { client, container, restore } = await start(wrap)
    await act(() => client.logout())
    expect(container.textContent).not.toContain(ada.email)
    await act(() => client.login(bob))
    expect(container.textContent).not.toContain(ada.email)
    await act(async () => restore())
    await waitFor(() => expect(container.textContent).toBe(noteOf(bob) + noteOf(bob)))
  })

  it('shows the next user, who takes over at once, nothing of the one before', async () => {
    const { server, client, container, restore } = await start(wrap)
    await act(async () => client.setSession(server.issue(bob.email)))
    expect(container.textContent).not.toContain(ada.email)
    await act(async () => restore())
    await waitFor(() => expect(container.textContent).toBe(noteOf(bob) + noteOf(bob)))
  })
})
