import { useSuspenseQuery } from '@tanstack/react-query'
import { screen, waitFor } from '@testing-library/react'
import { Component, type ReactNode, Suspense } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startApiServer } from '../support/apiServer.ts'
import { ada, makeClient, renderApp } from '../support/renderApp.tsx'

// Outside `act`, which would wait for as long as anything is under way.
beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => vi.unstubAllGlobals())

class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {}
  static getDerivedStateFromError = (error: Error) => ({ error })
  override render = () => this.state.error?.name ?? this.props.children
}

it.each(['first', 'again, after the logout,'])(
  'a component that suspends %s while nobody is signed in does not ask for ever',
  async (when) => {
    vi.mocked(console.error).mockImplementation(() => {})
    const server = await startApiServer()
    const app = makeClient({ baseUrl: server.baseUrl })
    const queryFn = vi.fn(async () => ['private note'])
    const Page = () => <p>{useSuspenseQuery({ queryKey: ['notes'], queryFn }).data}</p>
    if (when !== 'first') app.client.setSession(server.issue(ada.email))
    const { container, unmount } = renderApp(
      app,
      <Boundary>
        <Suspense fallback="loading">
          <Page />
        </Suspense>
      </Boundary>,
    )
    if (when !== 'first') {
      await screen.findByText('private note')
      void app.client.logout()
    }
    await waitFor(() => expect(container.textContent).not.toBe('private note'))

    const ticks = vi.fn()
    const interval = setInterval(ticks)
    await waitFor(() => expect(ticks.mock.calls.length).toBeGreaterThan(30))
    clearInterval(interval)
    unmount()

    expect(queryFn.mock.calls.length).toBeLessThan(5)
    vi.mocked(console.error).mockClear()
  },
)
