import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { act, waitFor } from '@testing-library/react'
import { Suspense } from 'react'
import { expect, it } from 'vitest'
import { useSession } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const of = ({ email }: { email: string }): string => `private note of ${email}`

const start = async () => {
  const { baseUrl } = await startApiServer()
  const app = makeClient({ baseUrl })
  await app.client.login(ada)
  return app
}

/** Two queries outside any guard, each with the handle of its component's render. React commits neither while one waits. */
const Suspending = () => {
  const { api } = useSession()
  return (
    <i>{useSuspenseQuery({ queryKey: ['a'], queryFn: () => api('notes').json<string[]>() }).data.join()}</i>
  )
}
const Beside = () => {
  const { api } = useSession()
  const { data, error } = useQuery({ queryKey: ['b'], queryFn: () => api('notes').json<string[]>() })
  return <p>{data ?? error?.message ?? 'loading'}</p>
}

it.each(['after a logout', 'at once'])(
  'a query beside one that suspends, outside a guard, is the next user’s %s',
  async (when) => {
    const app = await start()
    const { container } = renderApp(
      app,
      <Suspense fallback="loading">
        <Suspending />
        <Beside />
      </Suspense>,
    )
    await waitFor(() => expect(container.textContent).toBe(of(ada) + of(ada)))
    if (when === 'after a logout') await act(() => app.client.logout())
    await act(() => app.client.login(bob))
    await waitFor(() => expect(container.textContent).toBe(of(bob) + of(bob)))
  },
)

it.each<[string, (error: unknown) => unknown]>([
  ['', (error) => error],
  [', with a client that wraps errors,', (cause) => new Error('Session ended: replaced', { cause })],
])('a query whose function holds on to an ended session%s is asked again once', async (_name, wrap) => {
  const app = await start()
  const { api } = app.client.getSession()
  let calls = 0
  const Page = () => {
    const { error } = useQuery({
      queryKey: ['b'],
      queryFn: () => {
        calls += 1
        return api('notes')
          .json<string[]>()
          .catch((error: unknown) => Promise.reject(wrap(error)))
      },
    })
    return <p>{error?.message ?? 'nothing'}</p>
  }
  const { container } = renderApp(app, <Page />)
  await waitFor(() => expect(calls).toBe(1))
  await act(() => app.client.login(bob))
  await waitFor(() => expect(container.textContent).toBe('Session ended: replaced'))
  await act(() => new Promise((resolve) => setTimeout(resolve, 100)))
  expect(calls).toBe(3)
})
