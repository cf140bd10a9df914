import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { asyncStorage, type AsyncStorage } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { openDisk } from '../support/openDisk.ts'
import { ada, makeClient } from '../support/renderApp.tsx'
import { installLocks } from './installLocks.ts'
import { startTokenServer } from './startTokenServer.ts'

beforeEach(installLocks)

const setUp = async () => {
  const server = await startTokenServer()
  const disk = openDisk()
  const start = (storage: AsyncStorage = disk.storage) => {
    const { client } = makeClient({
      baseUrl: server.baseUrl,
      refresh: tokenRefresh(),
      storage: asyncStorage(storage),
    })
    client.mount()
    onTestFinished(client.unmount)
    return client
  }
  return { server, disk, start }
}

/** A window of its own, to which another process answers later, and writes later still. */
const fromAfar = ({ getItem, setItem, removeItem }: AsyncStorage): AsyncStorage => {
  const later = async (tasks = 1): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    if (tasks > 1) await later(tasks - 1)
  }
  return {
    getItem: async (key) => later().then(() => getItem(key)),
    setItem: async (key, value) => later(20).then(() => setItem(key, value)),
    removeItem: async (key) => later().then(() => removeItem(key)),
  }
}

it('both tokens stand in one value, are found at the next start, and are gone after a logout', async () => {
  const { server, disk, start } = await setUp()
  const { token } = await start().login(ada)
  await vi.waitFor(() =>
    expect(JSON.parse(disk.stored.get('token') ?? '{}')).toMatchObject({
      token,
      refreshToken: expect.any(String),
    }),
  )
  const next = start()
  await vi.waitFor(() => expect(next.getState()).toMatchObject({ status: 'signed-in', token }))
  server.expire()
  await next.fetch(`${server.baseUrl}/notes`)
  const { token: fresh } = next.getState()
  expect(fresh).not.toBe(token)
  await vi.waitFor(() => expect(disk.stored.get('token')).toContain(fresh))
  await next.logout()
  await vi.waitFor(() => expect([...disk.stored]).toEqual([]))
})

it('two windows on one storage refresh in turn, and go on with the same tokens', async () => {
  const { server, disk, start } = await setUp()
  const windows = [start(fromAfar(disk.storage)), start(fromAfar(disk.storage))]
  const [one, other] = windows
  await one?.login(ada)
  await vi.waitFor(() => expect(disk.stored.has('token')).toBe(true))
  window.dispatchEvent(new Event('focus'))
  await vi.waitFor(() =>
    expect(other?.getState()).toMatchObject({ status: 'signed-in', token: one?.getState().token }),
  )
  server.expire()

  const responses = await Promise.all(windows.map((client) => client.fetch(`${server.baseUrl}/notes`)))

  expect(responses.map(({ status }) => status)).toEqual([200, 200])
  expect(server.refreshes()).toHaveLength(1)
  expect(server.alarms).toEqual([])
  expect(other?.getState().token).toBe(one?.getState().token)
  expect(disk.stored.get('token')).toContain(one?.getState().token)
})
