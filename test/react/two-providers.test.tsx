import { useQuery } from '@tanstack/react-query'
import { act, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { useSession } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

it.each(['first', 'second'])(
  'where the %s of two providers of one client unmounts, the other one shows the next user',
  async (which) => {
    const { baseUrl } = await startApiServer()
    const app = makeClient({ baseUrl })
    const errors: string[] = []
    const Notes = () => {
      const { api } = useSession()
      const { data, error } = useQuery({
        queryKey: ['notes'],
        queryFn: () => api('notes').json<string[]>(),
      })
      if (error) errors.push(error.message)
      return <p>{data ?? 'nothing'}</p>
    }
    const first = renderApp(app, which === 'first' ? null : <Notes />)
    const second = renderApp(app, which === 'first' ? <Notes /> : null)
    await act(() => app.client.login(ada))
    await screen.findByText(`private note of ${ada.email}`)
    await act(() => app.client.logout())
    errors.length = 0

    const gone = which === 'first' ? first : second
    gone.unmount()
    await act(() => app.client.login(bob))
    await screen.findByText(`private note of ${bob.email}`)
    expect(errors).toEqual([])
  },
)
