import { QueryClient, QueryObserver } from '@tanstack/react-query'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { createAuthClient, isAuthError } from 'signoff'

const users = ['ada', 'bob'] as const
type Name = (typeof users)[number]

interface PendingRequest {
  path: string
  answer: () => void
}

/** An API whose answers arrive in whatever order the test lets them: it issues, checks and revokes tokens. */
const makeApi = () => {
  const alive = new Map<string, Name>()
  const revocations: string[] = []
  const pending: PendingRequest[] = []
  let issued = 0

  const respond = (path: string, token: string, body: string): Response => {
    if (path === 'auth/login') {
      const { name } = JSON.parse(body) as { name: Name }
      const fresh = `token-${(issued += 1)}-of-${name}`
      alive.set(fresh, name)
      return Response.json({ user: { name }, token: fresh })
    }
    if (path === 'auth/logout') {
      revocations.push(token)
      return Response.json({}, { status: alive.delete(token) ? 200 : 401 })
    }
    const name = alive.get(token)
    if (!name) return Response.json({ message: 'Unauthorized' }, { status: 401 })
    return Response.json(path === 'auth/user' ? { name } : [`secret of ${name}`])
  }

  const fetch = async (request: Request): Promise<Response> => {
    const body = await request.text()
    const path = request.url.replace('http://api.test/', '')
    const token = request.headers.get('Authorization')?.replace('Bearer ', '') ?? ''
    return new Promise((resolve, reject) => {
      // What the server does, it does when it answers; an abort does not undo it.
      pending.push({ path, answer: () => resolve(respond(path, token, body)) })
      request.signal.addEventListener('abort', () => reject(request.signal.reason))
    })
  }
  return { alive, revocations, pending, fetch }
}

type Step =
  | { kind: 'login'; name: Name }
  | { kind: 'logout' | 'query' | 'clear' | 'task' }
  | { kind: 'write'; name: Name }
  | { kind: 'answer'; index: number }

const name = fc.constantFrom(...users)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('login' as const), name }),
  fc.record({
    kind: fc.constantFrom('logout' as const, 'query' as const, 'clear' as const, 'task' as const),
  }),
  { arbitrary: fc.record({ kind: fc.constant('write' as const), name }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('answer' as const), index: fc.nat(5) }), weight: 4 },
)

const task = () => new Promise((resolve) => setTimeout(resolve))

it(
  'leaves nothing of a user behind in any order of logins, logouts, answers and late writes',
  { timeout: 60_000 },
  async () => {
    const run = async (steps: Step[]): Promise<void> => {
      localStorage.clear()
      const api = makeApi()
      const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
      const client = createAuthClient<{ name: Name }>({
        baseUrl: 'http://api.test',
        queryClient,
        fetch: api.fetch,
      })
      client.mount()
      const options = (key: string) => ({
        queryKey: [key],
        queryFn: () => client.api.get('notes').json<string[]>(),
      })
      const unobserve = new QueryObserver(queryClient, options('observed')).subscribe(() => {})
      const tolerate = (promise: Promise<unknown>): void =>
        void promise.catch((error: unknown) => {
          if (!isAuthError(error) && (error as Error).message !== 'CancelledError') throw error
        })
      let wanted: Name | null = null

      const check = (): void => {
        const { status, user, token } = client.getState()
        const cached = JSON.stringify(
          queryClient
            .getQueryCache()
            .getAll()
            .map(({ state }) => state.data ?? null),
        )
        expect(localStorage.getItem('token')).toBe(token)
        if (status === 'signed-out') {
          expect(cached).not.toMatch(/secret|name/)
        } else {
          expect(token).toContain(`-of-${user?.name}`)
          const other = users.find((candidate) => candidate !== user?.name)
          expect(cached).not.toContain(other)
        }
      }

      for (const current of steps) {
        if (current.kind === 'login') {
          wanted = current.name
          tolerate(client.login({ name: current.name }))
        } else if (current.kind === 'logout') {
          wanted = null
          void client.logout()
          expect(client.getState().status).toBe('signed-out')
        } else if (current.kind === 'query') {
          tolerate(queryClient.fetchQuery(options('fetched')))
        } else if (current.kind === 'clear') {
          queryClient.removeQueries({ queryKey: ['fetched'] })
        } else if (current.kind === 'write') {
          // A late write of whoever was signed in before: only nobody's session can tell that it does not belong there.
          if (client.getState().token === null)
            queryClient.setQueryData(['written'], `secret of ${current.name}`)
        } else if (current.kind === 'answer') {
          api.pending.splice(current.index % Math.max(1, api.pending.length), 1)[0]?.answer()
        }
        check()
        await task()
        check()
      }

      while (api.pending.length > 0) {
        api.pending.shift()?.answer()
        await task()
        check()
      }
      // What was asked for last is what holds, and no other token lives on.
      expect(client.getState().user?.name ?? null).toBe(wanted)
      expect([...api.alive.keys()]).toEqual([client.getState().token].filter((token) => token !== null))
      expect(new Set(api.revocations).size).toBe(api.revocations.length)
      unobserve()
      client.unmount()
      queryClient.clear()
    }

    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
    console.info(`order of events: SEED=${seed}`)
    expect(console.info).toHaveBeenCalledOnce()
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), run), {
      seed,
      numRuns: 400,
    })
    vi.mocked(console.info).mockClear()
  },
)
