import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, render, waitFor } from '@testing-library/react'
import { type ReactNode, useSyncExternalStore } from 'react'
import { expect, it } from 'vitest'
import { AuthProvider, memoryStorage } from 'signoff'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const session = ({ email }: { email: string }) => ({ token: `of-${email}`, user: { id: email, email } })

it.each(['around', 'before', 'behind'])(
  'a query of a component %s the provider is fetched with the function of this user',
  async (where) => {
    const asked: unknown[] = []
    const { client, queryClient } = makeClient({
      baseUrl: 'https://api.example.com',
      storage: memoryStorage(),
      fetch: async ({ url, headers }) => {
        const [, email] = url.split('/users/')
        if (email) asked.push([email, headers.get('Authorization')])
        return Response.json({ name: email })
      },
    })
    const Me = ({ children }: { children?: ReactNode }) => {
      const user = useSyncExternalStore(client.subscribe, () => client.getState().user)
      const { data } = useQuery({
        queryKey: ['me'],
        queryFn: () => client.api(`users/${user?.email}`).json<{ name: string }>(),
        staleTime: Infinity,
      })
      return (
        <>
          <p>{data?.name}</p>
          {children}
        </>
      )
    }
    const provider = <AuthProvider client={client}>{null}</AuthProvider>
    client.setSession(session(ada))
    const { container } = render(
      <QueryClientProvider client={queryClient}>
        {where === 'around' && <Me>{provider}</Me>}
        {where === 'before' && <Me />}
        {where !== 'around' && provider}
        {where === 'behind' && <Me />}
      </QueryClientProvider>,
    )
    await waitFor(() => expect(container.textContent).toBe(ada.email))
    asked.length = 0
    await act(async () => client.setSession(session(bob)))
    await waitFor(() => expect(container.textContent).toBe(bob.email))
    expect(asked).toEqual([[bob.email, `Bearer of-${bob.email}`]])
  },
)
