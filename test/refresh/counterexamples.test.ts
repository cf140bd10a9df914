import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { ended, failure } from '../support/requests.ts'
import { installLocks } from './installLocks.ts'
import { join, logIn, logout, refresh, test, testLate } from './twoTabs.ts'

/*
 * Each rule of the protocol can be taken out of the model (`test/protocol/switches.pml`), which then tells by which steps a
 * property breaks. Here the code goes the same steps, and the property holds. A test begins with the name of the rule.
 */

const stored = () => localStorage.getItem('token')

/** A tab has the lock for itself, beside the mark that another has left. */
const untilItHoldsTheLock = () =>
  vi.waitFor(async () => expect((await navigator.locks.query()).held).toHaveLength(2))

beforeEach(installLocks)

describe('the code keeps what the model loses', () => {
  test('WITHOUT_LOCK: the answer to one tab is lost, and the other has the same token', async ({
    server,
    one,
    two,
  }) => {
    server.expire()
    server.plan('loses the answer')
    expect(await Promise.all([one.ask(), two.ask()])).toEqual([200, 200])
    expect(server.alarms).toEqual([])
    expect(two.getToken()).toBe(one.getToken())
  })

  test('WITHOUT_COMPARE: B logs in while A’s token is refreshed in another tab', async ({
    one,
    two,
    beginRefresh,
    isDead,
  }) => {
    const { asked, release } = await beginRefresh(one)
    const { token } = await two.client.login({ email: 'B', password: '' })
    release()
    expect(await asked).toEqual(ended('elsewhere'))
    await vi.waitFor(() => expect(isDead()).toBe(true))
    expect([one.getToken(), two.getToken()]).toEqual([token, token])
    expect(stored()).toContain(token)
  })

  test('COMPARE_THEN_WRITE: A logs out right after the comparison', async ({
    open,
    beginRefresh,
    isDead,
  }) => {
    const { get, set, remove } = memoryStorage()
    let isArmed = false
    let left: Promise<unknown> | undefined
    const armed = () => {
      if (isArmed) queueMicrotask(() => void (left ??= two.client.logout()))
      return get()
    }
    const one = await logIn(open({ get: armed, set, remove }))
    const two = await join(open({ get, set, remove }), one)
    const { asked, release } = await beginRefresh(one)
    isArmed = true
    release()
    await asked
    await left
    await vi.waitFor(() => expect([isDead(), one.getToken(), two.getToken()]).toEqual([true, null, null]))
    expect(get()).toBeNull()
  })

  test('WITHOUT_COMPARE_AT_REFUSAL: A’s refresh is refused after B has logged in', async ({
    server,
    one,
    two,
    beginRefresh,
    isDead,
  }) => {
    const { asked, release } = await beginRefresh(one, 'request')
    const { token } = await two.client.login({ email: 'B', password: '' })
    for (const family of server.families) if (family.user === 'A') family.isDead = true
    release()
    expect(await asked).toEqual(ended('elsewhere'))
    await vi.waitFor(() => expect([one.getToken(), two.getToken()]).toEqual([token, token]))
    expect(stored()).toContain(token)
    expect(isDead()).toBe(true)
    expect(await two.ask()).toBe(200)
    // The tab that has replaced A's tokens leaves them to the other: what came of them, nobody has confirmed to it.
    const unconfirmed = [expect.any(String), expect.objectContaining({ code: 'timeout' })]
    await vi.waitFor(() => expect(vi.mocked(console.warn).mock.calls.splice(0)).toEqual([unconfirmed]))
  })

  test('RELEASE_BEFORE_WRITE: a tab waits while another is about to store what it was answered', async ({
    server,
    one,
    two,
    hold,
    beginRefresh,
    count,
  }) => {
    server.plan('loses the answer')
    // The first answer is lost, the second one is on its way.
    const first = await beginRefresh(one)
    const second = hold(refresh, 'answer')
    first.release()
    await second.waiting
    const asked = two.ask()
    second.release()
    expect(await Promise.all([first.asked, asked])).toEqual([200, 200])
    expect(count(refresh)).toBe(2)
    expect(server.alarms).toEqual([])
  })

  test('WITHOUT_ADOPTION: a tab has not heard that another has refreshed', async ({
    server,
    one,
    two,
    count,
  }) => {
    const old = two.getToken()
    server.expire()
    expect(await one.ask()).toBe(200)
    expect(two.getToken()).toBe(old)
    expect(await two.ask()).toBe(200)
    expect(two.getToken()).toBe(one.getToken())
    expect(count(refresh)).toBe(1)
    expect(server.alarms).toEqual([])
  })

  test('ABORT_AT_LOGOUT: A logs out in the tab that refreshes', async ({ one, beginRefresh, isDead }) => {
    const { asked, release } = await beginRefresh(one)
    const left = one.client.logout()
    expect(await asked).toEqual(ended('logout'))
    release()
    expect(await left).toMatchObject({ revoked: true })
    expect([isDead(), stored()]).toEqual([true, null])
  })

  test('WITHOUT_REVOKING_THE_ANSWER: A logs out in another tab than the one that refreshes', async ({
    server,
    one,
    two,
    beginRefresh,
    isDead,
  }) => {
    const { asked, release } = await beginRefresh(one)
    const left = two.client.logout()
    release()
    expect(await asked).toEqual(ended('elsewhere'))
    await left
    await vi.waitFor(() => expect(isDead()).toBe(true))
    expect([stored(), one.getToken(), two.getToken()]).toEqual([null, null, null])
    expect(server.alarms).toEqual([])
  })

  test('LOGOUT_FROM_MEMORY: A logs out in a tab that has not heard of the newest token', async ({
    server,
    one,
    two,
    isDead,
  }) => {
    server.expire()
    expect(await one.ask()).toBe(200)
    expect(two.getToken()).not.toBe(one.getToken())
    await two.client.logout()
    await vi.waitFor(() => expect(isDead()).toBe(true))
    await vi.waitFor(() => expect([stored(), one.getToken(), two.getToken()]).toEqual([null, null, null]))
  })

  test('WITHOUT_SESSION_NUMBER: tabs refresh in turn what each has stored, and one answer is lost', async ({
    server,
    open,
    count,
  }) => {
    // A storage of the app's own has no other place for the number than the value itself.
    const { get, set, remove } = memoryStorage()
    const one = await logIn(open({ get, set, remove }))
    const two = await join(open({ get, set, remove }), one)
    const signals = [one, two].map(({ client }) => client.getSignal())
    for (const first of [one, two, one]) {
      server.expire()
      expect(await first.ask()).toBe(200)
      server.expire()
      server.plan('loses the answer')
      expect(await Promise.all([one.ask(), two.ask()])).toEqual([200, 200])
    }
    expect(count(refresh)).toBe(9)
    expect(server.alarms).toEqual([])
    expect([one, two].map(({ client }) => client.getSignal())).toEqual(signals)
  })

  test('RETRY_REFUSED: a tab has heard that the token is refused', async ({ server, one, two, count }) => {
    for (const family of server.families) family.isDead = true
    expect(await failure(one.ask())).toEqual(ended('rejected'))
    await failure(two.ask())
    expect(count(refresh)).toBe(1)
    expect(stored()).toBeNull()
  })

  test('WITHOUT_RETRY_OF_LOST: the answer is lost, and the token that was sent is still stored', async ({
    server,
    one,
    two,
    count,
  }) => {
    server.expire()
    server.plan('loses the answer')
    expect(await one.ask()).toBe(200)
    expect(count(refresh)).toBe(2)
    expect(await two.ask()).toBe(200)
    expect(count(refresh)).toBe(2)
    expect(server.alarms).toEqual([])
  })

  test('WITHOUT_RETRY_AFTER_LOGOUT: the answer is lost after A has logged out', async ({
    server,
    one,
    beginRefresh,
    count,
    isDead,
  }) => {
    server.plan('loses the answer')
    const { asked, release } = await beginRefresh(one)
    const left = one.client.logout()
    expect(await asked).toEqual(ended('logout'))
    release()
    expect(await left).toMatchObject({ revoked: true })
    expect(count(refresh)).toBe(2)
    expect(server.alarms).toEqual([])
    expect([isDead(), stored()]).toEqual([true, null])
  })

  test('LOSS_SIGNS_OUT: the request is lost twice', async ({ server, one, count }) => {
    const elapsed = performance.now.bind(performance)
    let later = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => elapsed() + later)
    onTestFinished(() => clock.mockRestore())
    server.expire()
    server.plan('loses the request')
    server.plan('loses the request')
    expect(await failure(one.ask())).toMatchObject({ name: 'RequestError', code: 'network' })
    expect(count(refresh)).toBe(2)
    expect(one.client.getState().status).toBe('signed-in')
    later = 60_000
    expect(await one.ask()).toBe(200)
    expect(server.alarms).toEqual([])
  })

  test('RELEASE_BEFORE_REVOKED: a logout waits to refresh until another tab has revoked what it got', async ({
    server,
    one,
    two,
    hold,
    beginRefresh,
    count,
    isDead,
  }) => {
    const { asked, release } = await beginRefresh(one)
    // Its access token has expired, so it waits for the lock.
    const left = two.client.logout()
    await vi.waitFor(() => expect(count(logout)).toBe(1))
    const revocation = hold(logout, 'request')
    release()
    expect(await asked).toEqual(ended('elsewhere'))
    await revocation.waiting
    expect(count(refresh)).toBe(1)
    revocation.release()
    expect(await left).toMatchObject({ revoked: true })
    expect(isDead()).toBe(true)
    expect(server.alarms).toEqual([])
  })

  testLate(
    'WITHOUT_MARKS: a tab gets the lock before it sees what another has stored',
    async ({ server, one, two, count }) => {
      const old = two.getToken()
      server.expire()
      expect(await one.ask()).toBe(200)
      const asked = two.ask()
      await untilItHoldsTheLock()
      expect(two.getToken()).toBe(old)
      one.arrive()
      two.look()
      expect(await asked).toBe(200)
      expect(count(refresh)).toBe(1)
      expect(server.alarms).toEqual([])
      expect(two.getToken()).toBe(one.getToken())
    },
  )

  testLate(
    'WITHOUT_MARKS: nor sees yet that another has heard of its refusal',
    async ({ server, one, two, count }) => {
      const old = two.getToken()
      for (const family of server.families) family.isDead = true
      expect(await failure(one.ask())).toEqual(ended('rejected'))
      const asked = failure(two.ask())
      await untilItHoldsTheLock()
      expect(two.getToken()).toBe(old)
      one.arrive()
      two.look()
      expect(await asked).toMatchObject({ name: 'SessionEndedError' })
      expect(count(refresh)).toBe(1)
      expect(two.getToken()).toBeNull()
    },
  )

  testLate(
    'WITHOUT_LATE_RENEWALS: a renewal is stored by a tab that does not see the logout of another yet',
    async ({ disk, one, two, beginRefresh, isDead }) => {
      const { asked, release } = await beginRefresh(one)
      const left = two.client.logout()
      two.arrive()
      release()
      expect(await asked).toBe(200)
      one.arrive()
      expect(disk.get()).not.toBeNull()
      one.look()
      two.look()
      await left
      await vi.waitFor(() => {
        for (const tab of [one, two]) {
          tab.arrive()
          tab.look()
        }
        expect([disk.get(), one.getToken(), two.getToken(), isDead()]).toEqual([null, null, null, true])
      })
    },
  )

  testLate(
    'WITHOUT_LATE_RENEWALS: nor does a token live on that the tab that logs out has not seen yet',
    async ({ disk, server, one, two, isDead }) => {
      server.expire()
      expect(await one.ask()).toBe(200)
      // This server ends nothing for a token that was exchanged.
      server.isExact = true
      one.arrive()
      const left = two.client.logout()
      two.arrive()
      one.look()
      await left
      await vi.waitFor(() => expect(one.getToken()).toBeNull())
      await vi.waitFor(() => expect(isDead()).toBe(true))
      expect([disk.get(), two.getToken()]).toEqual([null, null])
    },
  )
})

it('goes the steps of each rule that can be taken out of the model', ({ task }) => {
  const switches = readFileSync(joinPath(import.meta.dirname, '../protocol/switches.pml'), 'utf8')
  const [rules = ''] = switches.split('/* Worlds that are harder. */')
  const names = Array.from(rules.matchAll(/^#ifndef (\w+)$/gm), ([, name = '']) => name)
  const replayed = task.file.tasks.flatMap((each) => ('tasks' in each ? each.tasks : []))
  expect(new Set(replayed.map(({ name }) => name.split(':')[0]))).toEqual(new Set(names))
})
