import { QueryClientProvider, useSuspenseQuery } from '@tanstack/react-query'
import { act, render, waitFor } from '@testing-library/react'
import { Component, type ReactNode, StrictMode, Suspense } from 'react'
import { describe, expect, it } from 'vitest'
import { AuthProvider, SignedIn, useSession } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const noteOf = ({ email }: { email: string }): string => `private note of ${email}`

class Boundary extends Component<{ children: ReactNode }> {
  override state = { message: '' }
  static getDerivedStateFromError = ({ message }: Error) => ({ message })
  override render() {
    return this.state.message || this.props.children
  }
}

const Notes = () => {
  const { api } = useSession()
  const { data } = useSuspenseQuery({
    queryKey: ['notes'],
    queryFn: () => api('notes').json<string[]>(),
  })
  return <p>{data}</p>
}

const plain = (children: ReactNode): ReactNode => children
const strict = (children: ReactNode): ReactNode => <StrictMode>{children}</StrictMode>
const guard = (children: ReactNode): ReactNode => <SignedIn>{children}</SignedIn>

type Wrap = (children: ReactNode) => ReactNode

describe.each<[string, Wrap, Wrap]>([
  ['without a guard', plain, plain],
  ['without a guard, in StrictMode', plain, strict],
  ['under a guard', guard, plain],
])('a page that suspends, %s, with the only <Suspense> above the provider,', (_name, wrapPage, wrap) => {
  it.each(['at once', 'after a logout'])('is the next user’s, who takes over %s', async (when) => {
    const { baseUrl } = await startApiServer()
    const { client, queryClient } = makeClient({ baseUrl })
    await client.login(ada)
    const { container } = render(
      wrap(
        <QueryClientProvider client={queryClient}>
          <Boundary>
            <Suspense fallback="loading">
              <AuthProvider client={client}>{wrapPage(<Notes />)}</AuthProvider>
            </Suspense>
          </Boundary>
        </QueryClientProvider>,
      ),
    )
    await waitFor(() => expect(container.textContent).toBe(noteOf(ada)))
    if (when === 'after a logout') await act(() => client.logout())
    await act(() => client.login(bob))
    await waitFor(() => expect(container.textContent).toBe(noteOf(bob)))
  })
})
