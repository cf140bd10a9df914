import { type FetchQueryOptions, type QueryClient, type QueryKey, QueryObserver } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { deferred } from '../support/apiServer.ts'
import { readStorage } from '../support/readStorage.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

/*
 * An answer that has arrived is on its way through ky, signoff and TanStack Query for some thirty microtasks. The session
 * ends in each of them once.
 */

const sessions = {
  ada: { user: { id: '1', email: ada.email }, token: 'token-of-ada' },
  bob: { user: { id: '2', email: bob.email }, token: 'token-of-bob' },
}

type Client = ReturnType<typeof makeClient>['client']

/** An app whose API holds back what the given user is sent at the given path, and tells which tokens were revoked. */
const start = (path: string) => {
  const answer = deferred<Response>()
  const revoked: (string | undefined)[] = []
  const app = makeClient({
    baseUrl: 'https://api.example.com',
    fetch: async (request) => {
      const token = request.headers.get('Authorization')?.replace('Bearer ', '')
      if (request.url.endsWith('/auth/logout')) revoked.push(token)
      if (request.url.endsWith(path) && token !== sessions.bob.token) return answer.promise
      return Response.json(token === sessions.bob.token ? sessions.bob.user : {})
    },
  })
  return { answer, revoked, ...app }
}

const macrotask = () => new Promise((resolve) => setTimeout(resolve))

const ends: [string, string, (client: Client) => unknown][] = [
  ['logout', 'signed-out logout', (client) => client.logout()],
  [
    'another tab’s logout',
    'signed-out elsewhere',
    () => {
      localStorage.removeItem('token')
      window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
    },
  ],
  ['another session', `signed-in ${bob.email}`, (client) => client.setSession(sessions.bob)],
]

type Ask = <TData, TKey extends QueryKey>(
  queryClient: QueryClient,
  options: FetchQueryOptions<TData, Error, TData, TKey>,
) => Promise<TData>

const promises: [string, Ask][] = [
  ['fetchQuery', (queryClient, options) => queryClient.fetchQuery(options)],
  ['ensureQueryData', (queryClient, options) => queryClient.ensureQueryData(options)],
]

const describeState = (client: Client) => {
  const state = client.getState()
  return state.status === 'signed-out'
    ? `${state.status} ${state.reason}`
    : `${state.status} ${state.user?.email}`
}

/** Everything that the caches hold. */
const cached = ({ queryClient }: ReturnType<typeof start>) =>
  JSON.stringify([
    queryClient
      .getQueryCache()
      .getAll()
      .map(({ state }) => state),
    queryClient
      .getMutationCache()
      .getAll()
      .map(({ state }) => state),
  ])

/** Runs a case with the end of the session in each microtask, the last of which come after the answer has landed. */
const sweep = async (run: (wait: () => Promise<void>) => Promise<{ hasLanded: boolean }>) => {
  const landings: boolean[] = []
  for (let microtasks = 0; microtasks < 40; microtasks += 1) {
    const wait = async () => {
      for (let count = 0; count < microtasks; count += 1) await Promise.resolve()
    }
    landings.push((await run(wait)).hasLanded)
    localStorage.clear()
  }
  expect(landings[0]).toBe(false)
  expect(landings.at(-1)).toBe(true)
}

describe.each(ends)('an answer that arrives just before %s', (_name, expected, end) => {
  it('lands nowhere where a query asked for it through `api`', async () => {
    await sweep(async (wait) => {
      const app = start('/notes')
      const { client, queryClient, answer } = app
      client.setSession(sessions.ada)
      client.mount()
      const seen: string[] = []
      const observer = new QueryObserver(queryClient, {
        queryKey: ['notes'],
        queryFn: ({ signal }) => client.api('notes', { signal }).json(),
      })
      const stop = observer.subscribe(() => {
        if (client.getState().token !== sessions.ada.token)
          seen.push(JSON.stringify(observer.getCurrentResult()))
      })
      await macrotask()

      answer.resolve(Response.json('private note of ada'))
      await wait()
      const hasLanded = cached(app).includes('private note')
      end(client)
      expect(cached(app)).not.toContain('private note')
      await macrotask()
      await macrotask()

      expect(describeState(client)).toBe(expected)
      expect(cached(app) + seen.join() + JSON.stringify(observer.getCurrentResult())).not.toContain('ada')
      stop()
      client.unmount()
      return { hasLanded }
    })
  })

  it.each(promises)(
    'lands nowhere where %s asked for a query through `api`, and the promise settles',
    async (_method, ask) => {
      await sweep(async (wait) => {
        const app = start('/notes')
        const { client, queryClient, answer } = app
        client.setSession(sessions.ada)
        client.mount()
        const settled = Promise.allSettled([
          ask(queryClient, {
            queryKey: ['notes'],
            queryFn: () => client.api('notes').json<string>(),
          }),
        ])
        await macrotask()

        answer.resolve(Response.json('private note of ada'))
        await wait()
        const hasLanded = cached(app).includes('private note')
        end(client)
        expect(cached(app)).not.toContain('private note')
        await settled
        await macrotask()

        expect(describeState(client)).toBe(expected)
        expect(cached(app)).not.toContain('ada')
        client.unmount()
        return { hasLanded }
      })
    },
  )

  it.each(promises)(
    'lands nowhere where %s asked for the user, and the promise settles',
    async (_method, ask) => {
      await sweep(async (wait) => {
        const app = start('/auth/user')
        const { client, queryClient, answer } = app
        localStorage.setItem('token', sessions.ada.token)
        client.mount()
        const settled = Promise.allSettled([ask(queryClient, client.userOptions)])
        await macrotask()
        expect(client.getState().status).toBe('restoring')

        answer.resolve(Response.json(sessions.ada.user))
        await wait()
        const hasLanded = client.getState().status === 'signed-in'
        end(client)
        await settled
        await macrotask()

        expect(describeState(client)).toBe(expected)
        expect(cached(app)).not.toContain('ada')
        client.unmount()
        return { hasLanded }
      })
    },
  )
})

describe('a 401 that arrives just before another session', () => {
  it.each<[string, string, (app: ReturnType<typeof start>) => Promise<unknown>]>([
    ['`api`', '/notes', ({ client }) => client.api('notes')],
    ['the user query', '/auth/user', ({ client, queryClient }) => queryClient.fetchQuery(client.userOptions)],
  ])('for %s ends the old one alone', async (_name, path, ask) => {
    await sweep(async (wait) => {
      const app = start(path)
      const { client, answer } = app
      localStorage.setItem('token', sessions.ada.token)
      const settled = Promise.allSettled([ask(app)])
      await macrotask()

      answer.resolve(new Response(null, { status: 401 }))
      await wait()
      const hasLanded = client.getState().status === 'signed-out'
      client.setSession(sessions.bob)

      expect(await settled).toMatchObject([{ status: 'rejected' }])
      await macrotask()
      expect(client.getState()).toEqual({ status: 'signed-in', ...sessions.bob })
      expect(readStorage(localStorage)).toEqual({ token: sessions.bob.token })
      return { hasLanded }
    })
  })
})

describe('an answer to a login that arrives just before a logout', () => {
  it.each(['login', 'register'] as const)(
    'of %s lands nowhere, and its token is revoked once',
    async (name) => {
      await sweep(async (wait) => {
        const app = start(`/auth/${name}`)
        const { client, answer, revoked } = app
        const settled = client[name](ada).then(
          () => 'logged in',
          (error: Error) => error.name,
        )
        await macrotask()

        answer.resolve(Response.json(sessions.ada))
        await wait()
        const hasLanded = client.getState().status === 'signed-in'
        await client.logout()

        expect(await settled).toBe(hasLanded ? 'logged in' : 'SessionEndedError')
        await macrotask()
        expect(client.getState()).toMatchObject({ status: 'signed-out', token: null })
        expect({ ...localStorage }).toEqual({})
        expect(cached(app)).not.toContain('ada')
        expect(revoked).toEqual([sessions.ada.token])
        return { hasLanded }
      })
    },
  )

  it('lands nowhere where another session has begun, and its token is revoked once', async () => {
    await sweep(async (wait) => {
      const app = start('/auth/login')
      const { client, answer, revoked } = app
      const settled = client.login(ada).then(
        () => 'logged in',
        (error: Error) => error.name,
      )
      await macrotask()

      answer.resolve(Response.json(sessions.ada))
      await wait()
      const hasLanded = client.getState().status === 'signed-in'
      client.setSession(sessions.bob)

      expect(await settled).toBe(hasLanded ? 'logged in' : 'SessionEndedError')
      await macrotask()
      expect(client.getState()).toEqual({ status: 'signed-in', ...sessions.bob })
      expect(readStorage(localStorage)).toEqual({ token: sessions.bob.token })
      expect(cached(app)).not.toContain('ada')
      expect(revoked).toEqual([sessions.ada.token])
      return { hasLanded }
    })
  })
})

it('gives an answer that has not landed when the session ends neither to who awaits it nor to the cache’s `onSuccess`', async () => {
  await sweep(async (wait) => {
    const { client, queryClient, answer } = start('/notes')
    client.setSession(sessions.ada)
    const succeeded: string[] = []
    queryClient.getQueryCache().config.onSuccess = () => void succeeded.push(client.getState().status)
    const queryFn = () => client.api('notes').json()
    const settled = Promise.allSettled([queryClient.fetchQuery({ queryKey: ['notes'], queryFn })])
    await macrotask()

    answer.resolve(Response.json('private note of ada'))
    await wait()
    const hasLanded = queryClient.getQueryData(['notes']) !== undefined
    void client.logout()

    const [{ status }] = await settled
    expect(status).toBe(hasLanded ? 'fulfilled' : 'rejected')
    expect(succeeded).toEqual(hasLanded ? ['signed-in'] : [])
    return { hasLanded }
  })
})
