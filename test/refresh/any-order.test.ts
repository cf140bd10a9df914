import { QueryClient } from '@tanstack/react-query'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createAuthClient } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { installLocks } from './installLocks.ts'
import { type Fate, RefreshServer } from './RefreshServer.ts'

const numRuns = Number(process.env['RUNS'] ?? 2000) / 10
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

const tabNumber = fc.integer({ min: 0, max: 2 })

const acts = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('request' as const), tab: tabNumber }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('expire' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('plan' as const),
      fate: fc.constantFrom<Fate>('loses the request', 'loses the answer', 'is busy', 'is slow'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('release' as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('logout' as const), tab: tabNumber }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('login' as const),
      tab: tabNumber,
      user: fc.constantFrom('ada', 'bob'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('jump' as const), hours: fc.constantFrom(-1, 1) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('turn' as const) }) },
)

const realTime = Date.now.bind(Date)
const realElapsed = performance.now.bind(performance)

const turn = () => new Promise((resolve) => setTimeout(resolve))

/** Three tabs of one browser, and their server. */
const play = async (steps: readonly (typeof acts extends fc.Arbitrary<infer T> ? T : never)[]) => {
  const server = new RefreshServer()
  let wall = 0
  let elapsed = 0
  const clocks = [
    vi.spyOn(Date, 'now').mockImplementation(() => realTime() + wall),
    vi.spyOn(performance, 'now').mockImplementation(() => realElapsed() + elapsed),
  ]
  const ends: string[] = []
  const tabs = Array.from({ length: 3 }, () => {
    const client = createAuthClient({
      queryClient: new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } }),
      baseUrl: 'https://api.test',
      fetch: server.fetch,
      refresh: tokenRefresh(),
      onSignOut: ({ reason }) => void ends.push(reason),
    })
    client.mount()
    return client
  })
  const hear = () => window.dispatchEvent(new StorageEvent('storage', { key: 'token' }))
  const underway: Promise<unknown>[] = []
  /** The requests that are not answered. */
  const asking = new Set<object>()
  const seen: [string, string][] = []
  const results: { ended: { isDead: boolean }; revoked: boolean }[] = []

  /** Time passes while nothing is under way, so that no request is given up. */
  const pass = async (milliseconds: number): Promise<void> => {
    for (let round = 0; round < 3; round += 1) await turn()
    if (!server.isHolding) elapsed += milliseconds
  }

  for (const step of steps) {
    const tab = 'tab' in step ? tabs[step.tab] : undefined
    if (step.act === 'plan') server.plan(step.fate)
    if (step.act === 'expire') {
      // No token expires before it has been used: a second 401, to a fresh token, is a rejection.
      for (let round = 0; round < 10; round += 1) await turn()
      while (asking.size > 0 && !server.isHolding) await turn()
      if (!server.isHolding) server.expire()
    }
    if (step.act === 'release') server.release()
    if (step.act === 'turn') await turn()
    if (step.act === 'jump') wall += step.hours * 3_600_000
    if (step.act === 'login') {
      const replaced = server.find(tab?.getState().token ?? null)
      await tab?.login({ email: step.user, password: '' })
      if (replaced) replaced.isEnded = true
    }
    if (step.act === 'logout') {
      const ended = server.find(tab?.getState().token ?? null)
      if (ended) ended.isEnded = true
      const logout = tab?.logout().then(({ revoked }) => ended && results.push({ ended, revoked }))
      underway.push(logout ?? Promise.resolve())
    }
    if (step.act === 'request') {
      const whose = server.find(tab?.getState().token ?? null)?.user
      const answered = tab
        ?.fetch('https://api.test/notes')
        .then((response) => response.json())
        .then((notes: string[]) => seen.push([whose ?? 'nobody', notes.join()]))
      const settled = (answered ?? Promise.resolve()).catch(() => {}).finally(() => asking.delete(settled))
      asking.add(settled)
      underway.push(settled)
    }
    // What tabs tell each other needs a moment; what the storage tells comes with the next act, or later.
    if (step.act === 'turn' || step.act === 'logout' || step.act === 'login') hear()
    await pass(30_000)
  }

  // The network drains: nothing is lost or held back any more.
  for (let round = 0; round < 30; round += 1) {
    server.release()
    await pass(120_000)
    hear()
  }
  await Promise.all(underway)
  for (let round = 0; round < 10; round += 1) await turn()
  hear()
  const states = tabs.map((client) => client.getState())
  for (const client of tabs) client.unmount()
  for (const clock of clocks) clock.mockRestore()
  const stored = localStorage.getItem('token')
  localStorage.clear()
  return { server, states, stored, ends, seen, results }
}

describe.each([
  ['with locks', true],
  ['without locks', false],
])('short-lived tokens in three tabs %s', (_name, hasLocks) => {
  it('keep their rules in any order of events', async () => {
    console.info(`refresh: SEED=${seed} RUNS=${numRuns}`)
    vi.mocked(console.info).mockClear()
    vi.mocked(console.warn).mockImplementation(() => {})
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 25 }), async (steps) => {
        // Each round has its own: a lock is held for a while after the tokens, whose names come back, have been exchanged.
        vi.unstubAllGlobals()
        installLocks()
        if (!hasLocks) vi.stubGlobal('navigator', { ...navigator, locks: undefined })
        const { server, states, stored, ends, seen, results } = await play(steps)
        // Nobody sees another's notes.
        for (const [whose, notes] of seen) expect(notes).toBe(`note of ${whose}`)
        // The tabs agree with the storage.
        const token = stored === null ? null : (JSON.parse(stored) as { token: string }).token
        expect(states.map((state) => state.token)).toEqual([token, token, token])
        // No session comes back, and the tokens of one that has ended are dead.
        const live = server.families.filter(({ isDead, isEnded }) => isEnded && !isDead)
        if (!steps.some(({ act }) => act === 'plan')) expect(live).toEqual([])
        for (const { ended, revoked } of results) if (revoked) expect(ended.isDead).toBe(true)
        if (token !== null) expect(server.find(token)?.isEnded).not.toBe(true)
        if (!hasLocks) return
        // No honest tab is taken for a thief, and nobody with a live refresh token is signed out.
        expect(server.alarms).toEqual([])
        expect(ends).not.toContain('rejected')
      }),
      { numRuns, seed, endOnFailure: false },
    )
    vi.mocked(console.warn).mockClear()
  })
})
