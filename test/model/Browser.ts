import { focusManager, onlineManager } from '@tanstack/react-query'
import { vi } from 'vitest'
import { Clock } from './Clock.ts'
import { Disk } from './Disk.ts'
import { Locks } from './Locks.ts'
import { type Channel, currentPage, type Page } from './Page.ts'

export type StorageMethod = 'getItem' | 'setItem' | 'removeItem'

/** What becomes of a message or a storage event, which always comes late: it is lost, or comes twice. */
export type Fate = 'lost' | 'twice'

/** One browser with one origin: what its pages share, and how they hear of each other. */
export class Browser {
  readonly clock = new Clock()
  readonly localStorage = new Map<string, string>()
  readonly disk: Disk
  readonly locks: Locks | undefined
  readonly pages: Page[] = []
  readonly failing = new Set<StorageMethod>()
  readonly fates: Fate[] = []
  readonly unsubscribes: (() => void)[] = []
  /** How often a page's storage was used by nobody knows which page: a fault of the model itself. */
  strays = 0
  /** The number of the act that the user is doing, 0 for none. */
  act = 0

  /** Does something at a time that the scheduler chooses. */
  readonly later: (label: string, task: () => void) => void

  constructor(later: Browser['later'], hasLocks: boolean) {
    this.later = later
    this.disk = new Disk(later)
    this.locks = hasLocks ? new Locks() : undefined
  }

  close(page: Page): void {
    page.isClosed = true
    this.locks?.drop(page)
  }

  /** Tells every page but the one that runs now. */
  tellOthers(label: string, tell: (page: Page) => void): void {
    const teller = currentPage()
    const { act } = this
    for (const page of this.pages) {
      if (page === teller || page.isClosed) continue
      const fate = this.fates.shift()
      const count = fate === 'lost' ? 0 : fate === 'twice' ? 2 : 1
      // What is lost is waited for in vain: the page never hears all that was said.
      page.expect(act, count || 1)
      for (let index = 0; index < count; index += 1)
        this.later(label, () =>
          page.enter(() => {
            page.hear(act)
            tell(page)
          }),
        )
    }
  }

  onStorageChange(): void {
    this.tellOthers('storage event', (page) => page.dispatch('storage'))
  }
}

const makeStorage = (
  browser: () => Browser,
  items: () => Map<string, string>,
  onChange: () => void,
): Storage => {
  const use = (method: StorageMethod): Map<string, string> => {
    if (browser().failing.has(method)) throw new DOMException('denied', 'SecurityError')
    return items()
  }
  return {
    get length() {
      return use('getItem').size
    },
    key: (index) => [...use('getItem').keys()][index] ?? null,
    getItem: (key) => use('getItem').get(key) ?? null,
    setItem: (key, value) => {
      if (use('setItem').get(key) === value) return
      items().set(key, value)
      onChange()
    },
    removeItem: (key) => {
      if (use('removeItem').delete(key)) onChange()
    },
    clear: () => {
      items().clear()
      onChange()
    },
  }
}

/** Puts a browser of the model in the place of the test's own. Returns what puts that back. */
export const installBrowser = (browser: () => Browser): (() => void) => {
  class FakeBroadcastChannel {
    readonly #page = currentPage()
    readonly #channel: Channel
    constructor(name: string) {
      this.#channel = { name, listeners: new Set() }
      this.#page?.channels.add(this.#channel)
    }
    addEventListener(_type: string, listener: (event: { data: unknown }) => void): void {
      this.#channel.listeners.add(listener)
    }
    postMessage(message: unknown): void {
      const data: unknown = structuredClone(message)
      browser().tellOthers('message', (page) => {
        for (const { name, listeners } of page.channels)
          if (name === this.#channel.name) listeners.forEach((listener) => listener({ data }))
      })
    }
    close(): void {
      this.#page?.channels.delete(this.#channel)
    }
  }

  const local = makeStorage(
    browser,
    () => browser().localStorage,
    () => browser().onStorageChange(),
  )
  const session = makeStorage(
    browser,
    () => {
      const page = currentPage()
      if (!page) browser().strays += 1
      return page?.sessionStorage ?? new Map<string, string>()
    },
    () => {},
  )
  vi.stubGlobal('localStorage', local)
  vi.stubGlobal('sessionStorage', session)
  vi.stubGlobal('BroadcastChannel', FakeBroadcastChannel)
  vi.stubGlobal('setTimeout', (run: () => void, delay?: number) => browser().clock.setTimeout(run, delay))
  vi.stubGlobal('clearTimeout', (id: number) => browser().clock.clearTimeout(id))
  vi.stubGlobal('performance', { now: () => browser().clock.now })
  const { navigator } = globalThis
  vi.stubGlobal('navigator', Object.create(navigator, { locks: { get: () => browser().locks } }))
  const restores = [() => void vi.unstubAllGlobals()]
  const replace = <T extends object>(target: T, members: Partial<T>): void => {
    const before = Object.fromEntries(Object.keys(members).map((name) => [name, Reflect.get(target, name)]))
    Object.assign(target, members)
    restores.push(() => void Object.assign(target, before))
  }
  replace(Date, {
    now: () => {
      const { now, set, slept } = browser().clock
      return now + set + slept
    },
  })

  const own = new Set(['storage', 'pageshow', 'focus', 'visibilitychange'])
  for (const target of [window, document] as EventTarget[]) {
    const { addEventListener, removeEventListener } = target
    const listenersOf = (type: string): Set<() => void> | undefined => {
      const page = currentPage()
      if (!page || !own.has(type)) return undefined
      const listeners = page.listeners.get(type) ?? new Set()
      page.listeners.set(type, listeners)
      return listeners
    }
    replace(target, {
      addEventListener: (type, listener, options) => {
        const listeners = listenersOf(type)
        if (listeners) listeners.add(listener as () => void)
        else addEventListener.call(target, type, listener, options)
      },
      removeEventListener: (type, listener, options) => {
        if (!listenersOf(type)?.delete(listener as () => void))
          removeEventListener.call(target, type, listener, options)
      },
    })
  }

  // One manager serves all pages; each listener runs in its own, and waits while that is frozen.
  const { subscribe } = onlineManager
  replace(onlineManager, {
    subscribe: (listener) => {
      const page = currentPage()
      let isSubscribed = true
      const hear: typeof listener = (isOnline) => {
        if (isSubscribed) listener(isOnline)
      }
      const stop = subscribe.call(onlineManager, (isOnline) => {
        if (page) page.enter(() => hear(isOnline))
        else hear(isOnline)
      })
      const unsubscribe = (): void => {
        isSubscribed = false
        stop()
      }
      browser().unsubscribes.push(unsubscribe)
      return unsubscribe
    },
  })

  const follow = focusManager.subscribe.bind(focusManager)
  replace(focusManager, {
    subscribe: (listener) => {
      const page = currentPage()
      if (!page) return follow(listener)
      page.focusListeners.add(listener)
      return () => void page.focusListeners.delete(listener)
    },
  })

  return () => {
    while (restores.length > 0) restores.pop()?.()
  }
}
