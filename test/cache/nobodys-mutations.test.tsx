import { MutationObserver, useMutation } from '@tanstack/react-query'
import { act, screen } from '@testing-library/react'
import { StrictMode, useEffect, useLayoutEffect, type ReactNode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SignedIn, SignedOut, useSession, useUser } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const draft = 'draft of Ada'

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  await app.client.login(ada)
  return { server, ...app }
}

describe.each([
  ['effect', useEffect],
  ['layout effect', useLayoutEffect],
])(
  'a mutation of a component that stays, which the cleanup of an %s calls after a logout,',
  (_name, useAny) => {
    it.each<[string, boolean, (children: ReactNode) => ReactNode]>([
      ['under a guard', true, (children) => children],
      ['under a guard, in StrictMode', true, (children) => <StrictMode>{children}</StrictMode>],
      ['without a guard', false, (children) => children],
    ])('shows its text neither to nobody nor to the next user, %s', async (_where, isGuarded, wrap) => {
      const { server, ...app } = await start()
      const mutationFn = vi.fn((text: string) => app.client.api.post('notes', { json: { text } }))
      const shown: string[] = []
      const Draft = ({ save }: { save: (text: string) => void }) => {
        const { signal } = useSession()
        const isOwn = useUser()?.['email'] === ada.email
        useAny(
          () => () => {
            if (isOwn && signal.aborted) save(draft)
          },
          [isOwn, save, signal],
        )
        return null
      }
      const App = () => {
        const { mutate, variables } = useMutation({ mutationFn })
        if (variables) shown.push(variables)
        const page = <Draft save={mutate} />
        return (
          <>
            {isGuarded ? <SignedIn>{page}</SignedIn> : page}
            <SignedIn>signed in</SignedIn>
            <SignedOut>signed out</SignedOut>
          </>
        )
      }
      renderApp(app, wrap(<App />))
      await screen.findByText('signed in')
      await act(() => app.client.logout())
      await screen.findByText('signed out')
      expect(app.queryClient.getMutationCache().getAll()).toEqual([])
      await act(() => app.client.login(bob))
      await screen.findByText('signed in')
      expect(shown).toEqual([])
      expect(server.received('POST /api/notes')).toEqual([])
    })
  },
)

describe('a mutation that late code of the user has called while nobody is signed in', () => {
  it.each(['fails', 'succeeds'])(
    'is forgotten when a session begins, although it has settled: it %s',
    async (how) => {
      const { server, client, queryClient } = await start()
      client.mount()
      afterEach(client.unmount)
      await client.logout()
      const observer = new MutationObserver<unknown, Error, string>(queryClient, {
        mutationFn: async (text) => (how === 'fails' ? client.api.post('notes', { json: text }) : text),
      })
      const stop = observer.subscribe(() => {})
      await observer.mutate(draft).catch(() => {})
      expect(observer.getCurrentResult()).toMatchObject({ variables: draft, isPending: false })
      await client.login(bob)
      expect(observer.getCurrentResult()).toMatchObject({
        variables: undefined,
        data: undefined,
        isIdle: true,
      })
      expect(queryClient.getMutationCache().getAll()).toEqual([])
      expect(server.received('POST /api/notes')).toEqual([])
      stop()
    },
  )

  it('stays where it belongs to nobody', async () => {
    const { client, queryClient } = await start()
    client.mount()
    afterEach(client.unmount)
    await client.logout()
    const observer = new MutationObserver<string, Error, string>(queryClient, {
      mutationFn: async (text) => text,
      meta: { public: true },
    })
    const stop = observer.subscribe(() => {})
    await observer.mutate('a rating')
    await client.login(bob)
    expect(observer.getCurrentResult()).toMatchObject({ variables: 'a rating', data: 'a rating' })
    stop()
  })
})
