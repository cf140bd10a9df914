import { getEventListeners } from 'node:events'
import { getHeapCodeStatistics, queryObjects, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { QueryClient } from '@tanstack/react-query'
import { afterEach } from 'vitest'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

/** Collects garbage until two rounds in a row find none: each frees what only finalizers of the last one still held. */
export const collectGarbage = async (): Promise<void> => {
  let used = Infinity
  let idle = 0
  for (let round = 0; round < 30 && idle < 2; round += 1) {
    // A full task later: what the current one still holds on its stack is free.
    await new Promise((resolve) => setImmediate(resolve))
    gc()
    const { heapUsed } = process.memoryUsage()
    idle = used - heapUsed > 1000 ? 0 : idle + 1
    used = heapUsed
  }
}

/** Counts the listeners of one target that are there now. */
const countListeners = (target: EventTarget): (() => number) => {
  const { addEventListener, removeEventListener } = target
  const counted = new Map<string, Set<unknown>>()
  target.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    counted.set(args[0], (counted.get(args[0]) ?? new Set()).add(args[1]))
    addEventListener.apply(target, args)
  }
  target.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    counted.get(args[0])?.delete(args[1])
    removeEventListener.apply(target, args)
  }
  afterEach(() => Object.assign(target, { addEventListener, removeEventListener }))
  return () => [...counted.values()].reduce((sum, { size }) => sum + size, 0)
}

/** Objects that are watched without being held. */
export const watchObjects = <T extends object>() => {
  const references = new Set<WeakRef<T>>()
  const registry = new FinalizationRegistry<WeakRef<T>>((reference) => references.delete(reference))
  return {
    add: (object: T): T => {
      const reference = new WeakRef(object)
      references.add(reference)
      registry.register(object, reference)
      return object
    },
    /** Those that are still alive: exact after `collectGarbage`. */
    alive: (): T[] => [...references].flatMap((reference) => reference.deref() ?? []),
  }
}

/** Every abort signal that is made from here on, by whomever, and every channel that is opened. */
const watchGlobals = () => {
  const { AbortController, AbortSignal, BroadcastChannel } = globalThis
  const { any, timeout } = AbortSignal
  const signals = watchObjects<AbortSignal>()
  const channels = new Set<BroadcastChannel>()

  class WatchedAbortController extends AbortController {
    constructor() {
      super()
      signals.add(this.signal)
    }
  }
  class WatchedBroadcastChannel extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      channels.add(this)
    }
    override close(): void {
      channels.delete(this)
      super.close()
    }
  }
  Object.assign(globalThis, {
    AbortController: WatchedAbortController,
    BroadcastChannel: WatchedBroadcastChannel,
  })
  AbortSignal.any = (sources) => signals.add(any.call(AbortSignal, sources))
  AbortSignal.timeout = (milliseconds) => signals.add(timeout.call(AbortSignal, milliseconds))
  afterEach(() => {
    Object.assign(globalThis, { AbortController, BroadcastChannel })
    Object.assign(AbortSignal, { any, timeout })
  })
  return { signals, channels }
}

/** Watches what a session could leave behind, from here to the end of the test. */
export const watchResources = (queryClients: QueryClient[]) => {
  const windowListeners = countListeners(window)
  const documentListeners = countListeners(document)
  const { signals, channels } = watchGlobals()
  const caches = queryClients.flatMap((client) => [client.getQueryCache(), client.getMutationCache()])
  const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0)

  return {
    /** What is there now: things that can be counted one by one, and the heap. */
    measure: async () => {
      await collectGarbage()
      const alive = signals.alive()
      const code = getHeapCodeStatistics()
      const queries = queryClients.flatMap((client) => client.getQueryCache().getAll())
      return {
        things: {
          windowListeners: windowListeners(),
          documentListeners: documentListeners(),
          channels: channels.size,
          signals: alive.length,
          abortListeners: sum(alive.map((signal) => getEventListeners(signal, 'abort').length)),
          cacheEntries: sum(caches.map((cache) => cache.getAll().length)),
          cacheListeners: sum(caches.map((cache) => (Reflect.get(cache, 'listeners') as Set<unknown>).size)),
          queryObservers: sum(queries.map(({ observers }) => observers.length)),
          nodes: document.querySelectorAll('*').length,
        },
        /** Those of the test runner among them. */
        timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
        /** Functions and arrays among them, strings not. */
        objects: queryObjects(Object, { format: 'count' }),
        /** Without compiled code. */
        bytes: process.memoryUsage().heapUsed - code.code_and_metadata_size - code.bytecode_and_metadata_size,
      }
    },
  }
}
