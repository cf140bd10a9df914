import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createAuthClient, memoryStorage, type TokenStorage } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { deferred } from '../support/apiServer.ts'
import { ended, failure } from '../support/requests.ts'
import { createLateStorage } from './createLateStorage.ts'
import { installLocks } from './installLocks.ts'
import { RefreshServer } from './RefreshServer.ts'

/*
 * Each rule of the protocol can be taken out of the model (`test/protocol/switches.pml`), which then tells by which steps a
 * property breaks. Here the code goes the same steps, and the property holds.
 */

interface Hold {
  path: string
  /** Whether the request waits, or what has become of it. */
  part: 'request' | 'answer'
  waiting: ReturnType<typeof deferred<void>>
  released: ReturnType<typeof deferred<void>>
}

const replayed: string[] = []

/** Two tabs of one browser, in which A is signed in, and their server. */
const setUp = async (storage?: TokenStorage) => {
  const server = new RefreshServer()
  const holds: Hold[] = []
  const sent: { path: string; body: string }[] = []

  const wait = async (path: string, part: Hold['part']): Promise<void> => {
    const index = holds.findIndex((hold) => path.endsWith(hold.path) && hold.part === part)
    const [hold] = index < 0 ? [] : holds.splice(index, 1)
    hold?.waiting.resolve()
    await hold?.released.promise
  }
  const send = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    sent.push({ path: pathname, body: await request.clone().text() })
    await wait(pathname, 'request')
    const answer = server.fetch(request)
    await answer.catch(() => {})
    await wait(pathname, 'answer')
    return answer
  }
  const open = (storage: TokenStorage | undefined) => {
    const client = createAuthClient({
      queryClient: new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } }),
      baseUrl: 'https://api.test',
      fetch: send,
      refresh: tokenRefresh(),
      ...(storage && { storage }),
    })
    onTestFinished(client.mount())
    return {
      client,
      ask: () => client.fetch('https://api.test/notes').then(({ status }) => status),
      getToken: () => client.getState().token,
    }
  }
  const one = open(storage)
  await one.client.login({ email: 'A', password: '' })
  return {
    server,
    one,
    openSecond: async (other = storage) => {
      const two = open(other)
      await vi.waitFor(() => expect(two.client.getState().status).toBe('signed-in'))
      return two
    },
    /** Lets the next one wait until it is released. */
    hold: (path: string, part: Hold['part']) => {
      const [waiting, released] = [deferred<void>(), deferred<void>()]
      holds.push({ path, part, waiting, released })
      return { waiting: waiting.promise, release: released.resolve }
    },
    countRefreshes: () => sent.filter(({ path }) => path.endsWith('/auth/refresh')).length,
    count: (path: string) => sent.filter((request) => request.path.endsWith(path)).length,
    isDead: () => server.families[0]?.isDead,
  }
}

const refresh = '/auth/refresh'
const stored = () => localStorage.getItem('token')

/** A test of the rule that a switch takes out of the model. */
const replay = (name: string, steps: string, act: () => Promise<void>): void => {
  replayed.push(name)
  it(`${name}: ${steps}`, act)
}

beforeEach(installLocks)

describe('the code keeps what the model loses', () => {
  replay('WITHOUT_LOCK', 'the answer to one tab is lost, and the other has the same token', async () => {
    const { server, one, openSecond } = await setUp()
    const two = await openSecond()
    server.expire()
    server.plan('loses the answer')
    expect(await Promise.all([one.ask(), two.ask()])).toEqual([200, 200])
    expect(server.alarms).toEqual([])
    expect(two.getToken()).toBe(one.getToken())
  })

  replay('WITHOUT_COMPARE', 'B logs in while A’s token is refreshed in another tab', async () => {
    const { server, one, openSecond, hold, isDead } = await setUp()
    const two = await openSecond()
    server.expire()
    const { waiting, release } = hold(refresh, 'answer')
    const asked = failure(one.ask())
    await waiting
    const { token } = await two.client.login({ email: 'B', password: '' })
    release()
    expect(await asked).toEqual(ended('elsewhere'))
    await vi.waitFor(() => expect(isDead()).toBe(true))
    expect([one.getToken(), two.getToken()]).toEqual([token, token])
    expect(stored()).toContain(token)
  })

  replay('COMPARE_THEN_WRITE', 'A logs out right after the comparison', async () => {
    const { get, set, remove } = memoryStorage()
    let isArmed = false
    let logout: Promise<unknown> | undefined
    const armed = {
      set,
      remove,
      get: () => {
        if (isArmed) queueMicrotask(() => void (logout ??= two.client.logout()))
        return get()
      },
    }
    const { server, one, openSecond, hold, isDead } = await setUp(armed)
    const two = await openSecond({ get, set, remove })
    server.expire()
    const { waiting, release } = hold(refresh, 'answer')
    const asked = one.ask().catch(() => {})
    await waiting
    isArmed = true
    release()
    await asked
    await logout
    await vi.waitFor(() => expect([isDead(), one.getToken(), two.getToken()]).toEqual([true, null, null]))
    expect(get()).toBeNull()
  })

  replay('WITHOUT_COMPARE_AT_REFUSAL', 'A’s refresh is refused after B has logged in', async () => {
    const { server, one, openSecond, hold, isDead } = await setUp()
    const two = await openSecond()
    server.expire()
    const { waiting, release } = hold(refresh, 'request')
    const asked = failure(one.ask())
    await waiting
    const { token } = await two.client.login({ email: 'B', password: '' })
    for (const family of server.families) if (family.user === 'A') family.isDead = true
    release()
    expect(await asked).toEqual(ended('elsewhere'))
    await vi.waitFor(() => expect([one.getToken(), two.getToken()]).toEqual([token, token]))
    expect(stored()).toContain(token)
    expect(isDead()).toBe(true)
    expect(await two.ask()).toBe(200)
  })

  replay(
    'RELEASE_BEFORE_WRITE',
    'a tab waits while another is about to store what it was answered',
    async () => {
      const { server, one, openSecond, hold, countRefreshes } = await setUp()
      const two = await openSecond()
      server.expire()
      server.plan('loses the answer')
      // The first answer is lost, the second one is on its way.
      const first = hold(refresh, 'answer')
      const second = hold(refresh, 'answer')
      const asked = [one.ask()]
      await first.waiting
      first.release()
      await second.waiting
      asked.push(two.ask())
      second.release()
      expect(await Promise.all(asked)).toEqual([200, 200])
      expect(countRefreshes()).toBe(2)
      expect(server.alarms).toEqual([])
    },
  )

  replay('WITHOUT_ADOPTION', 'a tab has not heard that another has refreshed', async () => {
    const { server, one, openSecond, countRefreshes } = await setUp()
    const two = await openSecond()
    const old = two.getToken()
    server.expire()
    expect(await one.ask()).toBe(200)
    expect(two.getToken()).toBe(old)
    expect(await two.ask()).toBe(200)
    expect(two.getToken()).toBe(one.getToken())
    expect(countRefreshes()).toBe(1)
    expect(server.alarms).toEqual([])
  })

  replay('ABORT_AT_LOGOUT', 'A logs out in the tab that refreshes', async () => {
    const { server, one, hold, isDead } = await setUp()
    server.expire()
    const { waiting, release } = hold(refresh, 'answer')
    const asked = failure(one.ask())
    await waiting
    const out = one.client.logout()
    expect(await asked).toEqual(ended('logout'))
    release()
    expect(await out).toMatchObject({ revoked: true })
    expect([isDead(), stored()]).toEqual([true, null])
  })

  replay('WITHOUT_REVOKING_THE_ANSWER', 'A logs out in another tab than the one that refreshes', async () => {
    const { server, one, openSecond, hold, isDead } = await setUp()
    const two = await openSecond()
    server.expire()
    const { waiting, release } = hold(refresh, 'answer')
    const asked = failure(one.ask())
    await waiting
    const out = two.client.logout()
    release()
    await Promise.all([asked, out])
    await vi.waitFor(() => expect(isDead()).toBe(true))
    expect([stored(), one.getToken(), two.getToken()]).toEqual([null, null, null])
    expect(server.alarms).toEqual([])
  })

  replay('LOGOUT_FROM_MEMORY', 'A logs out in a tab that has not heard of the newest token', async () => {
    const { server, one, openSecond, isDead } = await setUp()
    const two = await openSecond()
    server.expire()
    expect(await one.ask()).toBe(200)
    expect(two.getToken()).not.toBe(one.getToken())
    await two.client.logout()
    await vi.waitFor(() => expect(isDead()).toBe(true))
    await vi.waitFor(() => expect([stored(), one.getToken(), two.getToken()]).toEqual([null, null, null]))
  })

  replay(
    'WITHOUT_SESSION_NUMBER',
    'tabs refresh in turn what each has stored, and one answer is lost',
    async () => {
      const { get, set, remove } = memoryStorage()
      // A storage of the app's own has no other place for the number than the value itself.
      const { server, one, openSecond, countRefreshes } = await setUp({ get, set, remove })
      const two = await openSecond()
      const signals = [one, two].map(({ client }) => client.getSignal())
      for (const first of [one, two, one]) {
        server.expire()
        expect(await first.ask()).toBe(200)
        server.expire()
        server.plan('loses the answer')
        expect(await Promise.all([one.ask(), two.ask()])).toEqual([200, 200])
      }
      expect(countRefreshes()).toBe(9)
      expect(server.alarms).toEqual([])
      expect([one, two].map(({ client }) => client.getSignal())).toEqual(signals)
    },
  )

  replay('RETRY_REFUSED', 'a tab has heard that the token is refused', async () => {
    const { server, one, openSecond, countRefreshes } = await setUp()
    const two = await openSecond()
    for (const family of server.families) family.isDead = true
    expect(await failure(one.ask())).toEqual(ended('rejected'))
    await failure(two.ask())
    expect(countRefreshes()).toBe(1)
    expect(stored()).toBeNull()
  })

  replay(
    'WITHOUT_RETRY_OF_LOST',
    'the answer is lost, and the token that was sent is still stored',
    async () => {
      const { server, one, openSecond, countRefreshes } = await setUp()
      const two = await openSecond()
      server.expire()
      server.plan('loses the answer')
      expect(await one.ask()).toBe(200)
      expect(countRefreshes()).toBe(2)
      expect(await two.ask()).toBe(200)
      expect(countRefreshes()).toBe(2)
      expect(server.alarms).toEqual([])
    },
  )

  replay('WITHOUT_RETRY_AFTER_LOGOUT', 'the answer is lost after A has logged out', async () => {
    const { server, one, hold, countRefreshes, isDead } = await setUp()
    server.expire()
    server.plan('loses the answer')
    const { waiting, release } = hold(refresh, 'answer')
    const asked = failure(one.ask())
    await waiting
    const out = one.client.logout()
    expect(await asked).toEqual(ended('logout'))
    release()
    expect(await out).toMatchObject({ revoked: true })
    expect(countRefreshes()).toBe(2)
    expect(server.alarms).toEqual([])
    expect([isDead(), stored()]).toEqual([true, null])
  })

  replay('LOSS_SIGNS_OUT', 'the request is lost twice', async () => {
    const { server, one, countRefreshes } = await setUp()
    const elapsed = performance.now.bind(performance)
    let later = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => elapsed() + later)
    onTestFinished(() => clock.mockRestore())
    server.expire()
    server.plan('loses the request')
    server.plan('loses the request')
    expect(await failure(one.ask())).toMatchObject({ name: 'RequestError', code: 'network' })
    expect(countRefreshes()).toBe(2)
    expect(one.client.getState().status).toBe('signed-in')
    later = 60_000
    expect(await one.ask()).toBe(200)
    expect(server.alarms).toEqual([])
  })

  replay(
    'RELEASE_BEFORE_REVOKED',
    'a logout waits to refresh until another tab has revoked what it got',
    async () => {
      const { server, one, openSecond, hold, count, isDead } = await setUp()
      const two = await openSecond()
      server.expire()
      const answer = hold(refresh, 'answer')
      const asked = failure(one.ask())
      await answer.waiting
      // Its access token has expired, so it waits for the lock.
      const out = two.client.logout()
      await vi.waitFor(() => expect(count('/auth/logout')).toBe(1))
      const revocation = hold('/auth/logout', 'request')
      answer.release()
      await asked
      await revocation.waiting
      expect(count(refresh)).toBe(1)
      revocation.release()
      expect(await out).toMatchObject({ revoked: true })
      expect(isDead()).toBe(true)
      expect(server.alarms).toEqual([])
    },
  )

  replay('WITHOUT_MARKS', 'a tab gets the lock before it sees what another has stored', async () => {
    const late = createLateStorage()
    const first = late.open()
    const { server, one, openSecond, count, countRefreshes } = await setUp(first.storage)
    first.arrive()
    const second = late.open()
    const two = await openSecond(second.storage)
    const old = two.getToken()
    server.expire()
    expect(await one.ask()).toBe(200)
    const asked = two.ask()
    await vi.waitFor(() => expect(count('/notes')).toBe(3))
    expect(two.getToken()).toBe(old)
    first.arrive()
    second.look()
    expect(await asked).toBe(200)
    expect(countRefreshes()).toBe(1)
    expect(server.alarms).toEqual([])
    expect(two.getToken()).toBe(one.getToken())
  })

  it('WITHOUT_MARKS: nor sees yet that another has heard of its refusal', async () => {
    const late = createLateStorage()
    const first = late.open()
    const { server, one, openSecond, count, countRefreshes } = await setUp(first.storage)
    first.arrive()
    const second = late.open()
    const two = await openSecond(second.storage)
    const old = two.getToken()
    for (const family of server.families) family.isDead = true
    expect(await failure(one.ask())).toEqual(ended('rejected'))
    const asked = failure(two.ask())
    await vi.waitFor(() => expect(count('/notes')).toBe(2))
    expect(two.getToken()).toBe(old)
    first.arrive()
    second.look()
    expect(await asked).toMatchObject({ name: 'SessionEndedError' })
    expect(countRefreshes()).toBe(1)
    expect(two.getToken()).toBeNull()
  })

  replay(
    'WITHOUT_LATE_RENEWALS',
    'a renewal is stored by a tab that does not see the logout of another yet',
    async () => {
      const late = createLateStorage()
      const first = late.open()
      const { server, one, openSecond, hold, isDead } = await setUp(first.storage)
      first.arrive()
      const second = late.open()
      const two = await openSecond(second.storage)
      server.expire()
      const { waiting, release } = hold(refresh, 'answer')
      const asked = one.ask()
      await waiting
      const out = two.client.logout()
      second.arrive()
      release()
      await asked
      first.arrive()
      expect(late.get()).not.toBeNull()
      first.look()
      second.look()
      await out
      await vi.waitFor(() => {
        for (const view of [first, second]) {
          view.arrive()
          view.look()
        }
        expect([late.get(), one.getToken(), two.getToken(), isDead()]).toEqual([null, null, null, true])
      })
    },
  )

  it('WITHOUT_LATE_RENEWALS: nor does a token live on that the tab that logs out has not seen yet', async () => {
    const late = createLateStorage()
    const first = late.open()
    const { server, one, openSecond, isDead } = await setUp(first.storage)
    first.arrive()
    const second = late.open()
    const two = await openSecond(second.storage)
    server.expire()
    expect(await one.ask()).toBe(200)
    // This server ends nothing for a token that was exchanged.
    server.isExact = true
    first.arrive()
    const out = two.client.logout()
    second.arrive()
    first.look()
    await out
    await vi.waitFor(() => expect(one.getToken()).toBeNull())
    await vi.waitFor(() => expect(isDead()).toBe(true))
    expect([late.get(), two.getToken()]).toEqual([null, null])
  })
})

it('goes the steps of each rule that can be taken out of the model', () => {
  const switches = readFileSync(join(import.meta.dirname, '../protocol/switches.pml'), 'utf8')
  const [rules = ''] = switches.split('/* Worlds that are harder. */')
  const names = Array.from(rules.matchAll(/^#ifndef (\w+)$/gm), ([, name = '']) => name)
  expect(replayed.sort()).toEqual(names.sort())
})
