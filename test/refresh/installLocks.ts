import { onTestFinished, vi } from 'vitest'

type Release = () => void

let elsewhere: Promise<unknown> = Promise.resolve()
let isHeldElsewhere = false

/** Another tab holds every lock until then. */
export const holdLocks = (held: Promise<unknown>): void => {
  elsewhere = held
  isHeldElsewhere = true
  void held.finally(() => {
    isHeldElsewhere = false
  })
}

/** Web Locks as far as they are used here: exclusive, in the order of the calls, with a signal. happy-dom has none. */
export const installLocks = (): void => {
  const queues = new Map<string, Promise<unknown>>()
  const names = new Set<string>()
  const held = new Set<string>()
  holdLocks(Promise.resolve())
  const request = async (name: string, ...given: unknown[]): Promise<unknown> => {
    names.add(name)
    const act = given.at(-1) as () => Promise<unknown>
    const { signal } = Object(given.length > 1 ? given[0] : {}) as { signal?: AbortSignal }
    const before = queues.get(name) ?? elsewhere
    let release: Release = () => {}
    const freed = new Promise<void>((resolve) => {
      release = resolve
    })
    queues.set(
      name,
      before.then(() => freed),
    )
    try {
      await new Promise<void>((resolve, reject) => {
        if (signal?.aborted) reject(signal.reason as Error)
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
        void before.then(() => resolve())
      })
      held.add(name)
      return await act()
    } finally {
      held.delete(name)
      release()
    }
  }
  const query = async () => ({ held: Array.from(isHeldElsewhere ? names : held, (name) => ({ name })) })
  const { navigator } = globalThis
  vi.stubGlobal('navigator', Object.create(navigator, { locks: { value: { request, query } } }))
  onTestFinished(() => void vi.unstubAllGlobals())
}
