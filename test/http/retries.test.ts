import { QueryObserver, type QueryKey } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { memoryStorage } from 'signoff'
import { answers, deferred, startApiServer, type ApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

type Client = ReturnType<typeof makeClient>['client']

/** Milliseconds: ample time for a session to end in. */
const delay = 250

const start = async () => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl })
  const { token } = await app.client.login(ada)
  app.client.mount()
  server.answer('GET /api/notes', answers.status(503))
  return { server, ...app, token }
}

const tellOfStorage = () => window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))

const ends: [string, string, (client: Client, server: ApiServer) => unknown][] = [
  ['its user logs out', 'signed-out', (client) => client.logout()],
  [
    'the API rejects the token',
    'signed-out',
    (client, server) => {
      server.sessions.clear()
      return client.api('tags').catch(() => {})
    },
  ],
  ['another session takes over', 'signed-in', (client, server) => client.setSession(server.issue(bob.email))],
  [
    'another tab logs out',
    'signed-out',
    () => {
      localStorage.removeItem('token')
      tellOfStorage()
    },
  ],
  [
    'another tab logs another user in',
    'restoring',
    (_client, server) => {
      localStorage.setItem('token', server.issue(bob.email).token)
      tellOfStorage()
    },
  ],
]

/** Calls back just before a retry begins to wait, and says how long. */
const waitingRetry = () => {
  const { promise: waiting, resolve } = deferred()
  const retryDelay = () => {
    setTimeout(resolve)
    return delay
  }
  return { waiting, retryDelay }
}

/** Resolves when a retry that began to wait later than another has been sent: that other would have been, too. */
const laterRetry = async (server: ApiServer) => {
  const witness = makeClient({ baseUrl: server.baseUrl, storage: memoryStorage() })
  witness.client.setSession(server.issue('witness@example.com'))
  server.answer('GET /api/witness', answers.status(503))
  await witness.queryClient
    .fetchQuery({
      queryKey: ['witness'],
      queryFn: () => witness.client.api('witness', { retry: 0 }),
      retry: 1,
      retryDelay: delay,
    })
    .catch(() => {})
  expect(server.received('GET /api/witness')).toHaveLength(2)
}

const sentTo = (server: ApiServer) => server.received('GET /api/notes').map((request) => request.token)

describe.each(ends)('a GET that waits for its retry when %s', (_name, status, end) => {
  it('by ky is never sent again, with no token and with nobody’s', async () => {
    const { server, client, token } = await start()
    const { waiting, retryDelay } = waitingRetry()
    const settled = client.api('notes', { retry: { delay: retryDelay } }).catch((error: Error) => error.name)
    await waiting

    await end(client, server)
    expect(client.getState().status).toBe(status)
    await laterRetry(server)

    expect(sentTo(server)).toEqual([token])
    expect(await settled).toBe('SessionEndedError')
    client.unmount()
  })

  it('by TanStack Query is never sent again, with no token and with nobody’s', async () => {
    const { server, client, queryClient, token } = await start()
    const { waiting, retryDelay } = waitingRetry()
    const settled = queryClient
      .fetchQuery({
        queryKey: ['notes'],
        queryFn: () => client.api('notes', { retry: 0 }).json(),
        retry: 3,
        retryDelay,
      })
      .then(
        () => 'answered',
        () => 'failed',
      )
    await waiting

    await end(client, server)
    expect(client.getState().status).toBe(status)
    await laterRetry(server)

    expect(sentTo(server)).toEqual([token])
    expect(await settled).toBe('failed')
    client.unmount()
  })

  it('by TanStack Query for a mounted query is not sent again for the session that ended', async () => {
    const { server, client, queryClient, token } = await start()
    const { waiting, retryDelay } = waitingRetry()
    const queryKey: QueryKey = ['notes']
    const queryFn = () => client.api('notes', { retry: 0 }).json()
    const stop = new QueryObserver(queryClient, { queryKey, queryFn, retry: 3, retryDelay }).subscribe(
      () => {},
    )
    await waiting
    server.answer('GET /api/notes', answers.json([]))

    await end(client, server)
    await laterRetry(server)

    // A session that has begun asks for its own.
    const next = localStorage.getItem('token')
    expect(next).not.toBe(token)
    expect(sentTo(server)).toEqual(next === null ? [token] : [token, next])
    stop()
    client.unmount()
  })

  it('by TanStack Query for the user is never sent again, with no token and with nobody’s', async () => {
    const { server, client, queryClient, token } = await start()
    server.answer('GET /api/auth/user', answers.status(422))
    const { waiting, retryDelay } = waitingRetry()
    const settled = Promise.allSettled([queryClient.fetchQuery({ ...client.userOptions, retryDelay })])
    await waiting
    server.answer('GET /api/auth/user', answers.never)

    await end(client, server)
    await laterRetry(server)

    // A session that another tab began has its own user to ask for.
    const next = status === 'restoring' ? [localStorage.getItem('token')] : []
    const asked = server.received('GET /api/auth/user').map((request) => request.token)
    expect(asked).toEqual([token, ...next])
    await settled
    client.unmount()
  })
})

it('gives who waits for a refetch of the user nobody’s user when the session ends', async () => {
  const { server, client, queryClient } = await start()
  const arrived = deferred()
  server.answer('GET /api/auth/user', () => arrived.resolve())
  const settled = Promise.allSettled([queryClient.fetchQuery(client.userOptions)])
  await arrived.promise
  await client.logout()
  expect(await settled).toMatchObject([{ status: 'rejected' }])
  client.unmount()
})
