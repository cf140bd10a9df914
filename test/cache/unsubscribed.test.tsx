import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import * as React from 'react'
import { expect, it } from 'vitest'
import { SignedIn } from 'signoff'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const ofAda = `private note of ${ada.email}`

/** A page that its app hides, and shows again, as it likes. */
const start = async (Page: (props: { app: ReturnType<typeof makeClient> }) => React.ReactNode) => {
  const { Activity } = React
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  await app.client.login(ada)
  let setHidden!: (isHidden: boolean) => void
  const Frame = () => {
    const [isHidden, set] = React.useState(false)
    setHidden = set
    return (
      <Activity mode={isHidden ? 'hidden' : 'visible'}>
        <Page app={app} />
      </Activity>
    )
  }
  const { container } = renderApp(app, <Frame />)
  return { ...app, server, container, hide: (isHidden: boolean) => act(async () => setHidden(isHidden)) }
}

type App = Awaited<ReturnType<typeof start>>

const ways: [string, (app: App) => Promise<unknown>][] = [
  ['a logout and a login', ({ client }) => client.logout().then(() => client.login(bob))],
  ['a login at once', ({ client }) => client.login(bob)],
  [
    'a login in another tab',
    async ({ server }) => {
      localStorage.setItem('token', server.issue(bob.email).token)
      window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
    },
  ],
]

const Saving = () => {
  const save = useMutation({ mutationFn: async (text: string) => `saved ${text}` })
  return (
    <button onClick={() => save.mutate(ofAda)}>
      {save.data ?? 'nothing'}, {save.variables ?? 'nothing'}
    </button>
  )
}

// React 18 has no `<Activity>`.
it.skipIf(React.version.startsWith('18.')).each(ways)(
  'a mutation of a hidden page shows nothing of the last user after %s',
  async (_way, change) => {
    const app = await start(Saving)
    const { container, hide } = app
    await act(async () => screen.getByRole('button').click())
    await screen.findByText(/saved/)
    await hide(true)
    await act(() => change(app))
    await hide(false)
    expect(container.textContent).toBe('nothing, nothing')
  },
)

it.skipIf(React.version.startsWith('18.')).each(ways)(
  'nor does that of a page that was hidden and is shown again, whatever else was forgotten meanwhile, after %s',
  async (_way, change) => {
    const app = await start(Saving)
    const { client, queryClient, container, hide } = app
    await act(async () => screen.getByRole('button').click())
    await screen.findByText(/saved/)
    await hide(true)
    await hide(false)
    // Nobody observes it, so it is forgotten as soon as it has failed.
    const login = queryClient.getMutationCache().build(queryClient, { mutationFn: client.login })
    await expect(login.execute({ ...ada, password: 'wrong' })).rejects.toThrow('wrong')
    await act(() => change(app))
    expect(container.textContent).toBe('nothing, nothing')
  },
)

it.skipIf(React.version.startsWith('18.')).each(ways)(
  'a placeholder of a hidden page shows nothing of the last user after %s',
  async (_way, change) => {
    const shown: unknown[] = []
    const hidden = await start(({ app }) => {
      const [page, setPage] = React.useState(1)
      const { data } = useQuery({
        queryKey: ['notes', page],
        queryFn: () => app.client.getSession().api('notes').json<string[]>(),
        placeholderData: keepPreviousData,
      })
      shown.push(data?.join())
      return <button onClick={() => setPage(page + 1)}>{data ?? 'nothing'}</button>
    })
    const { server, container, hide } = hidden
    await waitFor(() => expect(container.textContent).toBe(ofAda))
    // The next page does not come: the one before is shown in its place.
    server.answer('GET /api/notes', answers.never)
    await act(async () => screen.getByRole('button').click())
    expect(container.textContent).toBe(ofAda)
    await hide(true)
    await act(() => change(hidden))
    shown.length = 0
    await hide(false)
    expect(new Set(shown)).toEqual(new Set([undefined]))
    expect(container.textContent).toBe('nothing')
  },
)

it.skipIf(React.version.startsWith('18.')).each(ways)(
  'the DOM of a hidden page holds nothing of the last user after %s, where it has a guard',
  async (_way, change) => {
    const app = await start(({ app: { client } }) => {
      const Copy = () => {
        const [copied] = React.useState(() => client.getState().user?.email)
        return <p>{copied}</p>
      }
      return (
        <SignedIn>
          <Copy />
        </SignedIn>
      )
    })
    expect(app.container.textContent).toBe(ada.email)
    await app.hide(true)
    expect(app.container.textContent).toBe(ada.email)
    app.server.answer('GET /api/auth/user', answers.never)
    await act(() => change(app))
    // Once React is idle.
    await waitFor(() => expect(app.container.textContent).not.toContain(ada.email))
    await app.hide(false)
    expect(app.container.textContent).not.toContain(ada.email)
  },
)
