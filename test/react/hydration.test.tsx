import { QueryClientProvider, useSuspenseQuery } from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { type ReactNode, Suspense } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { AuthProvider, SignedIn, SignedOut, useAuth } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { isReact18 } from '../support/isReact18.ts'
import { ada, makeClient } from '../support/renderApp.tsx'

type App = ReturnType<typeof makeClient>

const Tree = ({ client, queryClient, children }: App & { children: ReactNode }) => (
  <QueryClientProvider client={queryClient}>
    <AuthProvider client={client}>{children}</AuthProvider>
  </QueryClientProvider>
)

const Page = ({ onRender }: { onRender?: (status: string) => void }) => {
  const { status, user } = useAuth()
  onRender?.(status)
  return (
    <>
      <p>{status}</p>
      <SignedIn fallback={<i>loading</i>}>hello {user?.['email'] as string}</SignedIn>
      <SignedOut>log in</SignedOut>
    </>
  )
}

/** Hydrates what a server, which knows of no session, has rendered. */
const hydrate = (app: App) => {
  const statuses: string[] = []
  const onRecoverableError = vi.fn()
  const container = document.createElement('div')
  container.innerHTML = renderToString(
    <Tree {...makeClient({ baseUrl: '/api' })}>
      <Page />
    </Tree>,
  )
  document.body.append(container)
  const html = container.innerHTML
  const tree = (
    <Tree {...app}>
      <Page onRender={(status) => statuses.push(status)} />
    </Tree>
  )
  act(() => {
    const root = hydrateRoot(container, tree, { onRecoverableError })
    onTestFinished(() => {
      act(() => root.unmount())
      container.remove()
    })
  })
  return { html, statuses, container, onRecoverableError }
}

describe('hydration', () => {
  it('of a returning user begins as the server rendered it, without a mismatch, and then signs in', async () => {
    const server = await startApiServer()
    localStorage.setItem('token', server.issue(ada.email).token)
    const { html, statuses, onRecoverableError } = hydrate(makeClient({ baseUrl: server.baseUrl }))
    expect(html).toBe('<p>restoring</p><i>loading</i>')
    await screen.findByText(`hello ${ada.email}`)
    expect(statuses[0]).toBe('restoring')
    expect(statuses.at(-1)).toBe('signed-in')
    expect(statuses).not.toContain('signed-out')
    expect(onRecoverableError).not.toHaveBeenCalled()
  })

  it('of a visitor begins as the server rendered it, without a mismatch, and then shows the login', async () => {
    const server = await startApiServer()
    const { html, statuses, container, onRecoverableError } = hydrate(makeClient({ baseUrl: server.baseUrl }))
    expect(html).toBe('<p>restoring</p><i>loading</i>')
    await waitFor(() => expect(container.textContent).toBe('signed-outlog in'))
    expect(statuses).toEqual(['restoring', 'signed-out'])
    expect(onRecoverableError).not.toHaveBeenCalled()
  })

  it('where the session is known already begins as the server rendered it, without a mismatch', async () => {
    const server = await startApiServer()
    const app = makeClient({ baseUrl: server.baseUrl })
    await app.client.login(ada)
    const { statuses, container, onRecoverableError } = hydrate(app)
    await waitFor(() => expect(container.textContent).toBe(`signed-inhello ${ada.email}`))
    expect(statuses).toEqual(['restoring', 'signed-in'])
    expect(onRecoverableError).not.toHaveBeenCalled()
  })

  it('of a page with Suspense, part by part, ends in one tree without a mismatch', async () => {
    const server = await startApiServer()
    localStorage.setItem('token', server.issue(ada.email).token)
    const app = makeClient({ baseUrl: server.baseUrl })
    const News = () => {
      const { data } = useSuspenseQuery({
        queryKey: ['news'],
        queryFn: () => 'public news',
        meta: { public: true },
      })
      return <b>{data}</b>
    }
    const page = (
      <>
        <Page />
        <Suspense fallback="loading news">
          <News />
          <SignedIn fallback={<i>loading</i>}>private</SignedIn>
        </Suspense>
      </>
    )
    const onRecoverableError = vi.fn()
    const container = document.createElement('div')
    const onServer = makeClient({ baseUrl: '/api' })
    onServer.queryClient.setQueryData(['news'], 'public news')
    container.innerHTML = renderToString(<Tree {...onServer}>{page}</Tree>)
    expect(container.innerHTML).toContain('<!--$--><b>public news</b><i>loading</i><!--/$-->')
    document.body.append(container)

    await act(async () => {
      const root = hydrateRoot(container, <Tree {...app}>{page}</Tree>, { onRecoverableError })
      onTestFinished(() => {
        act(() => root.unmount())
        container.remove()
      })
    })

    await waitFor(() => expect(container.textContent).toBe(`signed-inhello ${ada.email}public newsprivate`))
    await act(() => app.client.logout())
    expect(container.textContent).toBe('signed-outlog inpublic news')
    // React 18 does not hydrate a boundary whose context has changed meanwhile: it renders it anew, and says so.
    expect(onRecoverableError).toHaveBeenCalledTimes(isReact18 ? 1 : 0)
  })
})
