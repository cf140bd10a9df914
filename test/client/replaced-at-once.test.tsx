import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { StrictMode, useEffect, useLayoutEffect, type ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { isAuthError, SignedIn, useSession, useUser } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

type How = 'here' | 'after a logout' | 'in another tab'

const start = async (how: How = 'here') => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  await app.client.login(ada)
  /** Code outside React, or another tab, replaces the session from one moment to the next. */
  const replace = () =>
    act(async () => {
      const session = server.issue(bob.email)
      if (how === 'after a logout') void app.client.logout()
      if (how !== 'in another tab') return app.client.setSession(session)
      localStorage.setItem('token', session.token)
      window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
    })
  return { server, ...app, replace }
}

type App = Awaited<ReturnType<typeof start>>

const effects = [
  ['effect', useEffect],
  ['layout effect', useLayoutEffect],
] as const

const modes: [string, (children: ReactNode) => ReactNode][] = [
  ['', (children) => children],
  [' in StrictMode', (children) => <StrictMode>{children}</StrictMode>],
]

const cases = effects.flatMap(([name, use]) => modes.map(([mode, wrap]) => [name + mode, use, wrap] as const))

/** What the cleanup of a component of Ada's does as Bob takes over. */
const leaveBehind = async (
  app: App,
  useAny: typeof useEffect,
  wrap: (children: ReactNode) => ReactNode,
  leave: () => unknown,
) => {
  const Draft = () => {
    const { signal } = useSession()
    useAny(
      () => () => {
        if (signal.aborted) leave()
      },
      [signal],
    )
    return null
  }
  renderApp(
    app,
    <SignedIn>
      <Draft />
    </SignedIn>,
    wrap,
  )
  await app.replace()
}

const moments = [
  ['takes over at once', 'here'],
  ['logs in before React has shown the logout', 'after a logout'],
  ['takes over in another tab', 'in another tab'],
] as const

describe.each(
  moments.flatMap(([moment, how]) =>
    cases.map(([name, use, wrap]) => [name, moment, use, wrap, how] as const),
  ),
)('the cleanup of an %s, where another user %s,', (_name, _moment, useAny, wrap, how) => {
  it('sends nothing as the next user', async () => {
    const app = await start(how)
    const outcomes: string[] = []
    const note = (promise: Promise<unknown>) =>
      promise.then(
        () => outcomes.push('sent'),
        (error: Error) => outcomes.push(error.name),
      )
    await leaveBehind(app, useAny, wrap, () => {
      void note(app.client.api.post('notes'))
      void note(app.client.fetch(`${app.server.baseUrl}/notes`, { method: 'POST' }))
    })
    await waitFor(() => expect(outcomes).toEqual(['SessionEndedError', 'SessionEndedError']))
    expect(app.server.received('POST /api/notes')).toEqual([])
  })

  it('writes nothing into the next user’s cache', async () => {
    const app = await start(how)
    await leaveBehind(app, useAny, wrap, () => app.queryClient.setQueryData(['draft'], 'draft of Ada'))
    expect(app.queryClient.getQueryData(['draft'])).toBeUndefined()
  })

  it('calls no mutation as the next user', async () => {
    const app = await start(how)
    const mutationFn = vi.fn(() => app.client.api.post('notes'))
    const cache = app.queryClient.getMutationCache()
    await leaveBehind(app, useAny, wrap, () => {
      void cache
        .build(app.queryClient, { mutationFn })
        .execute(undefined)
        .catch(() => {})
    })
    expect(mutationFn).not.toHaveBeenCalled()
    expect(cache.getAll()).toEqual([])
  })
})

describe.each([0, 1])('a mutation of a component that stays, with %i retries,', (retry) => {
  it.each(cases)(
    'is not sent as the next user when the cleanup of an %s calls it',
    async (_name, useAny, wrap) => {
      const app = await start()
      const mutationFn = vi.fn((text: string) => app.client.api.post('notes', { json: { text } }))
      const shown: string[] = []
      const Draft = ({ save }: { save: (text: string) => void }) => {
        const { signal } = useSession()
        useAny(
          () => () => {
            if (signal.aborted) save('draft of Ada')
          },
          [save, signal],
        )
        return null
      }
      const App = () => {
        useUser()
        const { mutate, variables } = useMutation({ mutationFn, retry, retryDelay: 1 })
        if (variables) shown.push(variables)
        return (
          <SignedIn>
            <Draft save={mutate} />
            signed in
          </SignedIn>
        )
      }
      renderApp(app, <App />, wrap)
      await app.replace()
      await screen.findByText('signed in')
      await act(() => app.client.api('notes'))
      expect(shown).toEqual([])
      expect(mutationFn).not.toHaveBeenCalled()
      expect(app.server.received('POST /api/notes')).toEqual([])
      expect(app.queryClient.getMutationCache().getAll()).toEqual([])
    },
  )
})

it('the effects of the next user’s page speak and write for the next user', async () => {
  const app = await start()
  const Page = () => {
    const { signal } = useSession()
    const client = useQueryClient()
    const { mutate } = useMutation({ mutationFn: () => app.client.api.post('visits') })
    const { data } = useQuery({
      queryKey: ['notes'],
      queryFn: () => app.client.api('notes').json<string[]>(),
    })
    useEffect(() => {
      void app.client.api.post('opened').catch(() => {})
      client.setQueryData(['opened'], true)
      mutate()
    }, [client, mutate, signal])
    return <p>{data}</p>
  }
  renderApp(
    app,
    <SignedIn>
      <Page />
    </SignedIn>,
  )
  await screen.findByText(`private note of ${ada.email}`)
  app.server.requests.length = 0
  await app.replace()
  await screen.findByText(`private note of ${bob.email}`)
  const { token } = app.client.getState()
  for (const path of ['opened', 'visits']) {
    await waitFor(() => expect(app.server.received(`POST /api/${path}`)).toMatchObject([{ token }]))
  }
  expect(app.queryClient.getQueryData(['opened'])).toBe(true)
})

it('an effect of a component that stays speaks for the session that it runs for', async () => {
  const app = await start()
  const Badge = () => {
    const { signal } = useSession()
    useEffect(() => {
      void app.client.api.post('seen').catch(() => {})
    }, [signal])
    return null
  }
  renderApp(app, <Badge />)
  await app.replace()
  const { token } = app.client.getState()
  await waitFor(() =>
    expect(app.server.received('POST /api/seen').map((request) => request.token)).toContain(token),
  )
})

it('a listener of the old session’s signal sends nothing as the next user', async () => {
  const { server, client } = await start()
  const sent: Promise<unknown>[] = []
  client.getSignal().addEventListener('abort', () => {
    sent.push(client.api.post('notes'))
    queueMicrotask(() => sent.push(client.api.post('notes')))
  })
  client.setSession(server.issue(bob.email))
  await Promise.resolve()
  for (const promise of sent) await expect(promise).rejects.toSatisfy(isAuthError)
  expect(sent).toHaveLength(2)
  expect(server.received('POST /api/notes')).toEqual([])
})

it('whoever waits for a login over a session may speak for the new one at once', async () => {
  const { client } = await start()
  await client.login(bob)
  expect(await client.api('notes').json()).toEqual([`private note of ${bob.email}`])
})

it('a login where nobody is signed in may be spoken for at once', async () => {
  const { server, client } = await start()
  await client.logout()
  client.setSession(server.issue(bob.email))
  expect(await client.api('notes').json()).toEqual([`private note of ${bob.email}`])
})
