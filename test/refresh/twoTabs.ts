import { QueryClient } from '@tanstack/react-query'
import { expect, it, onTestFinished, vi } from 'vitest'
import { type AuthClient, createAuthClient, type TokenStorage } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { deferred } from '../support/apiServer.ts'
import { createLateStorage } from './createLateStorage.ts'
import { RefreshServer } from './RefreshServer.ts'

/** Whether the request waits, or what has become of it. */
type Part = 'request' | 'answer'

interface Hold {
  path: string
  part: Part
  waiting: ReturnType<typeof deferred<void>>
  released: ReturnType<typeof deferred<void>>
}

export interface Tab {
  client: AuthClient
  /** Asks for what is private: the status of the answer. */
  ask: () => Promise<number>
  getToken: () => string | null
}

export const refresh = '/auth/refresh'
export const logout = '/auth/logout'

const createNetwork = (server: RefreshServer) => {
  const holds: Hold[] = []
  const sent: string[] = []

  const wait = async (path: string, part: Part): Promise<void> => {
    const index = holds.findIndex((hold) => path.endsWith(hold.path) && hold.part === part)
    const [hold] = index < 0 ? [] : holds.splice(index, 1)
    hold?.waiting.resolve()
    await hold?.released.promise
  }

  return {
    send: async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url)
      sent.push(pathname)
      await wait(pathname, 'request')
      const answer = server.fetch(request)
      await answer.catch(() => {})
      await wait(pathname, 'answer')
      return answer
    },
    /** Lets the next one wait until it is released. */
    hold: (path: string, part: Part) => {
      const [waiting, released] = [deferred<void>(), deferred<void>()]
      holds.push({ path, part, waiting, released })
      return { waiting: waiting.promise, release: released.resolve }
    },
    /** How many requests were sent to a path. */
    count: (path: string): number => sent.filter((each) => each.endsWith(path)).length,
  }
}

export const logIn = async (tab: Tab): Promise<Tab> => {
  await tab.client.login({ email: 'A', password: '' })
  return tab
}

/** Waits until a tab has taken over the session of another. */
export const join = async (tab: Tab, other: Tab): Promise<Tab> => {
  await vi.waitFor(() => {
    expect(tab.client.getState()).toMatchObject({ status: 'signed-in', token: other.getToken() })
  })
  return tab
}

/** Two tabs of one browser, in which A is signed in, and their server. */
export const test = it
  .extend('server', () => new RefreshServer())
  .extend('network', ({ server }) => createNetwork(server))
  .extend('hold', ({ network }) => network.hold)
  .extend('count', ({ network }) => network.count)
  .extend('open', ({ network }) => (storage?: TokenStorage): Tab => {
    const client = createAuthClient({
      queryClient: new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } }),
      baseUrl: 'https://api.test',
      fetch: network.send,
      refresh: tokenRefresh(),
      ...(storage && { storage }),
    })
    onTestFinished(client.mount())
    return {
      client,
      ask: () => client.fetch('https://api.test/notes').then(({ status }) => status),
      getToken: () => client.getState().token,
    }
  })
  .extend('one', ({ open }) => logIn(open()))
  .extend('two', ({ one, open }) => join(open(), one))
  // Whether the tokens of A's login are dead.
  .extend(
    'isDead',
    ({ server }) =>
      () =>
        server.families[0]?.isDead,
  )
  // A's access token expires, and a tab refreshes it: the request, or its answer, waits until it is released.
  .extend('beginRefresh', ({ server, hold }) => async ({ ask }: Tab, part: Part = 'answer') => {
    server.expire()
    const { waiting, release } = hold(refresh, part)
    const asked: Promise<unknown> = ask().catch((error: unknown) => error)
    await waiting
    return { asked, release }
  })

/** Two tabs in processes of their own: each sees late what the other has stored. */
export const testLate = test
  .extend('disk', () => createLateStorage())
  .extend('one', async ({ disk, open }) => {
    const { storage, ...view } = disk.open()
    const tab = await logIn(open(storage))
    view.arrive()
    return { ...tab, ...view }
  })
  .extend('two', async ({ disk, one, open }) => {
    const { storage, ...view } = disk.open()
    return { ...(await join(open(storage), one)), ...view }
  })
