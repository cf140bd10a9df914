import { notifyManager, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthProvider, SignedIn, useSession } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { recordPage } from '../support/page.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

type Notify = (act: () => void) => void

const setters = ['setNotifyFunction', 'setBatchNotifyFunction'] as const

const atOnce: Notify = (act) => act()

// Outside `act`, as in a browser: React itself decides what it commits together.
beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => {
  for (const name of setters) notifyManager[name](atOnce)
  vi.unstubAllGlobals()
})

const Notes = () => {
  const { api } = useSession()
  const { data } = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
  return <p>{data ?? 'nothing'}</p>
}

/** It knows nothing of the session: only its query tells it. */
const Shown = () => {
  const { data } = useQuery<string[]>({ queryKey: ['notes'], queryFn: () => [], enabled: false })
  return <i>{data ?? 'nothing'}</i>
}

const guard = (children: ReactNode): ReactNode => <SignedIn>{children}</SignedIn>
const plain = (children: ReactNode): ReactNode => children
const strict = (children: ReactNode): ReactNode => <StrictMode>{children}</StrictMode>

const start = async (
  wrap: (children: ReactNode) => ReactNode,
  own: Notify,
  name: (typeof setters)[number],
) => {
  const server = await startApiServer()
  const { client, queryClient } = makeClient({ baseUrl: server.baseUrl })
  await client.login(ada)
  let mounts = 0
  const Counter = () => {
    mounts += 1
    return null
  }
  render(
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={client}>
        <Counter />
        {wrap(
          <>
            <Notes />
            <Shown />
          </>,
        )}
      </AuthProvider>
    </QueryClientProvider>,
  )
  await waitFor(() => expect(document.body.textContent?.split(ada.email)).toHaveLength(3))
  notifyManager[name](own)
  return { server, client, mounts: () => mounts }
}

/** Delivers when it is told to. */
const createLater = () => {
  const waiting: (() => void)[] = []
  return {
    notify: (act: () => void) => void waiting.push(act),
    deliver: () => waiting.splice(0).forEach((act) => act()),
  }
}

describe.each(setters)('where the app’s own function of `%s` delivers later,', (name) => {
  it.each([
    ['without a guard', plain],
    ['without a guard, in StrictMode', strict],
    ['under a guard', guard],
  ])('no frame shows the user after a logout, or under the next one, %s', async (_where, wrap) => {
    const later = createLater()
    const { server, client } = await start(wrap, later.notify, name)
    void client.logout()
    await waitFor(() => expect(document.body.textContent).not.toContain(ada.email))
    const shown = recordPage()
    client.setSession(server.issue(bob.email))
    await new Promise((resolve) => setTimeout(resolve))
    later.deliver()
    notifyManager[name](atOnce)
    await screen.findAllByText(`private note of ${bob.email}`)
    expect(shown.join()).not.toContain(ada.email)
  })

  it('the next user, who takes over at once, sees nothing of the one before', async () => {
    const later = createLater()
    const { server, client } = await start(plain, later.notify, name)
    client.setSession(server.issue(bob.email))
    await waitFor(() => expect(document.body.textContent).not.toContain(ada.email))
    later.deliver()
    notifyManager[name](atOnce)
    await screen.findAllByText(`private note of ${bob.email}`)
  })
})

describe.each(setters)('where the app’s own function of `%s` delivers at once,', (name) => {
  it('nothing is mounted anew, also within a batch of the app’s', async () => {
    const { client, mounts } = await start(plain, (act) => act(), name)
    const before = mounts()
    notifyManager.batch(() => void client.logout())
    await waitFor(() => expect(document.body.textContent).not.toContain(ada.email))
    expect(mounts()).toBe(before)
  })
})
