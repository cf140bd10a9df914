import { QueryObserver, useQueries, useQuery } from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  await app.client.login(ada)
  const notes = (key: number) => ({
    queryKey: ['notes', key],
    queryFn: () => app.client.getSession().api('notes').json<string[]>(),
  })
  /** A request whose app writes what it has got so far, as it is aborted. */
  const stream = (onAbort: () => unknown) =>
    new QueryObserver(app.queryClient, {
      queryKey: ['stream'],
      queryFn: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            onAbort()
            reject(new Error('Aborted'))
          })
        }),
    }).subscribe(() => {})
  return { ...app, notes, stream }
}

const ofAda = `private note of ${ada.email}`
const ofBob = `private note of ${bob.email}`

it.each(['before', 'after'])(
  'what an aborted request writes into a query that is shown, and was cached %s it, is not shown to the next user',
  async (when) => {
    const { client, queryClient, notes, stream } = await start()
    if (when === 'before') queryClient.setQueryData(['notes', 1], [ofAda])
    const write = () => queryClient.setQueryData(['notes', 1], [`part of ${ofAda}`])
    const stop = stream(write)
    const Notes = () => <p>{useQuery({ ...notes(1), staleTime: Infinity }).data ?? 'nothing'}</p>
    renderApp({ client, queryClient }, <Notes />)
    await screen.findByText(ofAda)
    await act(() => client.logout())
    expect(document.body.textContent).toBe('nothing')
    await act(() => client.login(bob))
    await screen.findByText(ofBob)
    stop()
  },
)

it('what an aborted request writes into another query is taken back', async () => {
  const { client, queryClient, stream } = await start()
  const unmount = client.mount()
  const stop = stream(() => queryClient.setQueryData(['part'], ofAda))
  void client.logout()
  await waitFor(() => expect(queryClient.getQueryData(['part'])).toBeUndefined())
  stop()
  unmount()
})

it('a `combine` that relies on placeholders keeps nothing on screen', async () => {
  const { client, queryClient, notes } = await start()
  const Notes = () => {
    const text = useQueries({
      queries: [1, 2].map((key) => ({ ...notes(key), placeholderData: ['placeholder'] })),
      combine: (results) => results.map(({ data }) => (data as string[]).join()).join(' and '),
    })
    return <p>{text}</p>
  }
  renderApp({ client, queryClient }, <Notes />)
  await screen.findByText(`${ofAda} and ${ofAda}`)
  await act(() => client.logout())
  expect(document.body.textContent).toBe('placeholder and placeholder')
})
