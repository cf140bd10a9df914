import { asyncProperty, array, assert, constantFrom, oneof, constant } from 'fast-check'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { asyncStorage } from 'signoff'
import { openDisk } from '../support/openDisk.ts'

// That a write has failed.
afterEach(() => void vi.mocked(console.warn).mockClear())

const setUp = (items?: Record<string, string>) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const disk = openDisk(items)
  const { load = async () => {}, ...storage } = asyncStorage(disk.storage)
  const settle = () => vi.advanceTimersByTimeAsync(0)
  return { disk, storage, load, settle, stored: () => disk.stored.get('token') ?? null }
}

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const numRuns = Number(process.env['RUNS'] ?? 300)

const steps = oneof(
  constantFrom('set', 'set', 'remove', 'read'),
  constantFrom('finish the first', 'finish the last', 'fail the first', 'fail the last'),
  constant('a while'),
)

it('after any order of calls, answers and failures, the storage holds what was set last', async () => {
  await assert(
    asyncProperty(array(steps, { maxLength: 25 }), async (order) => {
      const { disk, storage, load, settle, stored } = setUp({ token: 'before' })
      let last: string | null | undefined
      disk.hold()
      for (const [index, step] of order.entries()) {
        if (step === 'set') storage.set((last = `token-${index}`))
        if (step === 'remove') {
          const removals = disk.names.filter((name) => name === 'removeItem token').length
          storage.remove()
          last = null
          expect(disk.names.filter((name) => name === 'removeItem token')).toHaveLength(removals + 1)
        }
        if (step === 'read') load().catch(() => {})
        const call = disk.waiting(/token$/).at(step.endsWith('first') ? 0 : -1)
        if (step.startsWith('finish')) call?.finish()
        if (step.startsWith('fail')) call?.fail()
        await vi.advanceTimersByTimeAsync(step === 'a while' ? 5000 : 0)
        if (last !== undefined) expect(storage.get()).toBe(last)
      }
      // What does not come back at once.
      for (let rounds = 0; disk.waiting().length > 0 && rounds < 99; rounds += 1) {
        disk.waiting().at(-1)?.finish()
        await settle()
      }
      disk.release()
      await vi.advanceTimersByTimeAsync(200_000)
      await load()
      expect(stored()).toBe(last === undefined ? 'before' : last)
      expect(storage.get()).toBe(stored())
    }),
    {
      numRuns,
      seed,
      // A removal once hung behind one that was over, and once came after the token that had taken its place.
      examples: [
        [['set', 'remove', 'finish the first', 'finish the first', 'finish the first', 'remove']],
        [['set', 'remove', 'finish the first', 'remove', 'set', 'finish the first']],
      ],
    },
  )
})

it('of two readings, the one that was asked for last counts', async () => {
  const { disk, storage, load, settle } = setUp({ token: 'old' })
  disk.hold()
  const first = load()
  disk.stored.set('token', 'new')
  const second = load()
  while (disk.waiting().length > 0) {
    disk.waiting().at(-1)?.finish()
    await settle()
  }
  await Promise.all([first, second])
  expect(storage.get()).toBe('new')
})

it('what was read before a write that had failed is done, is not taken over after it', async () => {
  const { disk, storage, load, settle, stored } = setUp({ token: 'A' })
  await load()
  disk.break(/setItem/)
  storage.set('B')
  await settle()
  disk.mend()
  disk.hold(/getItem/)
  const reading = load()
  disk.break(/getItem/)
  await vi.advanceTimersByTimeAsync(1000)
  expect(stored()).toBe('B')
  disk.release()
  await reading
  expect(storage.get()).toBe('B')
})

it('a write that has failed replaces what stood there, and nothing that others have written since', async () => {
  const { disk, storage, load, settle, stored } = setUp({ token: 'A' })
  await load()
  storage.set('B')
  await settle()
  disk.break(/setItem/)
  storage.set('C')
  await settle()
  disk.mend()
  await load()
  await settle()
  expect(stored()).toBe('C')
  disk.break(/setItem/)
  storage.set('D')
  await settle()
  disk.mend()
  // Once they were this one's own, which says nothing any more.
  disk.stored.set('token', 'A')
  await load()
  await settle()
  expect([stored(), storage.get()]).toEqual(['A', 'A'])
})

it('a removal that has failed is not owed any more once another token has taken its place', async () => {
  const { disk, storage, load, settle, stored } = setUp({ token: 'A' })
  await load()
  disk.break(/removeItem/)
  storage.remove()
  storage.set('B')
  await settle()
  expect(stored()).toBe('B')
  disk.mend()
  const removals = () => disk.names.filter((name) => name === 'removeItem token').length
  const before = removals()
  storage.set('C')
  await settle()
  expect(stored()).toBe('C')
  expect(removals()).toBe(before)
})
