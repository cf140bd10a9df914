import { act } from '@testing-library/react'
import { expect, it } from 'vitest'
import { memoryStorage, useToken, useUser } from 'signoff'
import type { TestUser } from '../support/apiServer.ts'
import { isCollected } from '../support/collectGarbage.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const pages = {
  'no component': () => null,
  useUser: () => <p>{(useUser() as TestUser | null)?.email}</p>,
  useToken: () => <p>{useToken() && 'somebody'}</p>,
}

it.each(Object.entries(pages))(
  'a page without a guard, with %s, keeps nothing of a user who has gone',
  async (_name, Page) => {
    const app = makeClient({
      baseUrl: 'https://api.example.com',
      storage: memoryStorage(),
      fetch: async () => Response.json({}),
    })
    renderApp(app, <Page />)
    const signIn = async (): Promise<WeakRef<object>> => {
      const user = { id: '1', email: ada.email }
      await act(async () => app.client.setSession({ user, token: 'token-of-ada' }))
      return new WeakRef(user)
    }
    const user = await signIn()
    expect(user.deref()).toBeDefined()
    await act(() => app.client.logout())
    await act(async () => expect(await isCollected(user)).toBe(true))
    await act(async () => app.client.setSession({ user: { id: '2', email: bob.email }, token: 'of-bob' }))
  },
)
