import { useQuery } from '@tanstack/react-query'
import { act, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { SignedIn } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, makeClient, renderApp } from '../support/renderApp.tsx'

const ofAda = `private note of ${ada.email}`

it.each(['before', 'behind'])(
  'a query that one component marks as public and a private one %s it does not, is private',
  async (where) => {
    const server = await startApiServer()
    const { client, queryClient } = makeClient({ baseUrl: server.baseUrl })
    await client.login(ada)
    const options = { queryKey: ['posts'], queryFn: () => client.api('notes').json<string[]>() }
    const Mine = () => <p>{useQuery(options).data}</p>
    const All = () => <p>{useQuery({ ...options, meta: { public: true } }).data}</p>
    const mine = (
      <SignedIn>
        <Mine />
      </SignedIn>
    )
    const { container } = renderApp(
      { client, queryClient },
      <>
        {where === 'before' && mine}
        <All />
        {where === 'behind' && mine}
      </>,
    )
    await waitFor(() => expect(container.textContent).toContain(ofAda))
    await act(() => client.logout())
    expect(container.textContent).not.toContain(ofAda)
    expect(queryClient.getQueryData(['posts'])).toBeUndefined()
  },
)
