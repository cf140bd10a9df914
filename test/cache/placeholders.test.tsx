import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { act, waitFor } from '@testing-library/react'
import { useReducer, useState } from 'react'
import { describe, expect, it } from 'vitest'
import { answers, startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const ofAda = `private note of ${ada.email}`

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  await app.client.login(ada)
  const getNotes = () => app.client.getSession().api('notes').json<string[]>()
  const getNews = () =>
    fetch(`${server.baseUrl}/announcements`).then((answer) => answer.json() as Promise<string[]>)
  return { server, ...app, getNotes, getNews }
}

type Client = Awaited<ReturnType<typeof start>>['client']

const ways: [string, (client: Client) => Promise<unknown>][] = [
  ['a logout', (client) => client.logout()],
  ['a logout and a login', (client) => client.logout().then(() => client.login(bob))],
  ['a login over the session', (client) => client.login(bob)],
]

describe.each(ways)('after %s', (_name, change) => {
  it('a public query that is on its way shows no private list of before as its placeholder', async () => {
    const { server, client, queryClient, getNotes, getNews } = await start()
    let showAll = (): void => {}
    const List = () => {
      const [isMine, setMine] = useState(true)
      showAll = () => setMine(false)
      const { data } = useQuery({
        queryKey: ['posts', isMine],
        queryFn: isMine ? getNotes : getNews,
        meta: { public: !isMine },
        placeholderData: keepPreviousData,
      })
      return <p>{data ?? 'nothing'}</p>
    }
    const { container } = renderApp({ client, queryClient }, <List />)
    await waitFor(() => expect(container.textContent).toBe(ofAda))
    server.answer('GET /api/announcements', answers.never)
    await act(async () => showAll())
    expect(container.textContent).toBe(ofAda)
    await act(() => change(client))
    expect(container.textContent).toBe('nothing')
  })

  it('a public query that is on its way goes on to show the public list of before', async () => {
    const { server, client, queryClient, getNews } = await start()
    let next = (): void => {}
    const seen = new Set<unknown>()
    const List = () => {
      const [page, setPage] = useState(1)
      next = () => setPage(2)
      const { data } = useQuery({
        queryKey: ['news', page],
        queryFn: getNews,
        meta: { public: true },
        placeholderData: keepPreviousData,
      })
      seen.add(data?.join())
      return <p>{data ?? 'nothing'}</p>
    }
    const { container } = renderApp({ client, queryClient }, <List />)
    await waitFor(() => expect(container.textContent).not.toBe('nothing'))
    server.answer('GET /api/announcements', answers.never)
    await act(async () => next())
    seen.clear()
    await act(() => change(client))
    expect(container.textContent).not.toBe('nothing')
    expect(seen).not.toContain(undefined)
  })

  it('a component that does not subscribe shows nothing of before once it renders', async () => {
    const { server, client, queryClient, getNotes } = await start()
    let next = (): void => {}
    let render = (): void => {}
    const List = () => {
      const [page, setPage] = useState(1)
      const [, renderAgain] = useReducer((count: number) => count + 1, 0)
      next = () => setPage(2)
      render = renderAgain
      const { data } = useQuery({
        queryKey: ['notes', page],
        queryFn: getNotes,
        placeholderData: keepPreviousData,
        subscribed: false,
      })
      return <p>{data ?? 'nothing'}</p>
    }
    await queryClient.prefetchQuery({ queryKey: ['notes', 1], queryFn: getNotes })
    const { container } = renderApp({ client, queryClient }, <List />)
    server.answer('GET /api/notes', answers.never)
    await act(async () => next())
    expect(container.textContent).toBe(ofAda)
    await act(() => change(client))
    await act(async () => render())
    expect(container.textContent).toBe('nothing')
  })
})
