import { MutationObserver, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AuthProvider, memoryStorage, useUser } from 'signoff'
import { deferred, type TestUser } from '../support/apiServer.ts'
import { isCollected } from '../support/collectGarbage.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const start = () =>
  makeClient({
    baseUrl: 'https://api.example.com',
    storage: memoryStorage(),
    fetch: async () => Response.json({}),
  })

const userAda = (): TestUser => ({ id: '1', email: ada.email })
const tokenOfAda = 'token-of-ada'
const sessionOfBob = { user: { id: '2', email: bob.email }, token: 'token-of-bob' }

it.each(['client', 'session'])('what the last request of the %s has sent is not kept', async (of) => {
  const { client } = start()
  client.setSession({ user: userAda(), token: tokenOfAda })
  const handle = client.getSession()
  const send = async (): Promise<WeakRef<object>> => {
    const json = { text: 'a private draft' }
    const { api } = of === 'client' ? client : handle
    await api.post('notes', { json }).json()
    return new WeakRef(json)
  }
  const sent = await send()
  await client.logout()
  client.setSession(sessionOfBob)
  expect(await isCollected(sent)).toBe(true)
  expect(handle.signal.aborted).toBe(true)
})

it('a function of a query that is shown, and what it has read, is not kept while nobody is signed in', async () => {
  const { client, queryClient } = start()
  const Page = () => {
    const user = useUser() as TestUser | null
    useQuery({ queryKey: ['name'], queryFn: () => user?.email ?? 'nobody' })
    return <p>{user?.email ?? 'nobody'}</p>
  }
  const tree = () => (
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={client}>
        <Page />
      </AuthProvider>
    </QueryClientProvider>
  )
  const { rerender } = render(tree())
  const signIn = async (): Promise<WeakRef<object>> => {
    const user = userAda()
    await act(async () => client.setSession({ user, token: tokenOfAda }))
    return new WeakRef(user)
  }
  const user = await signIn()
  await act(() => client.logout())
  // React keeps what it has rendered last, and before that.
  for (let count = 0; count < 5; count += 1) await act(async () => rerender(tree()))
  await act(async () => expect(await isCollected(user)).toBe(true))
})

it.each(['subscribed', 'not subscribed'])(
  'what a mutation that never settles was called with is not kept, its observer being %s',
  async (how) => {
    const { client, queryClient } = start()
    const unmount = client.mount()
    client.setSession({ user: userAda(), token: tokenOfAda })
    const { promise: begun, resolve: begin } = deferred()
    const observer = new MutationObserver<unknown, Error, object>(queryClient, {
      mutationFn: () => {
        begin()
        return new Promise(() => {})
      },
    })
    const stop = how === 'subscribed' ? observer.subscribe(() => {}) : () => {}
    const call = (): WeakRef<object> => {
      const variables = { text: 'a private draft' }
      void observer.mutate(variables)
      return new WeakRef(variables)
    }
    const variables = call()
    await begun
    await client.logout()
    expect(await isCollected(variables)).toBe(true)
    expect(observer.getCurrentResult().status).toBe('idle')
    stop()
    unmount()
  },
)
