import { AsyncLocalStorage } from 'node:async_hooks'

const running = new AsyncLocalStorage<Page>()

/** The page whose task runs now. */
export const currentPage = (): Page | undefined => running.getStore()

export interface Channel {
  name: string
  listeners: Set<(event: { data: unknown }) => void>
}

/** A page as the browser sees it: its tasks wait while it is frozen, and are dropped once it is closed. */
export class Page {
  readonly sessionStorage = new Map<string, string>()
  readonly listeners = new Map<string, Set<() => void>>()
  readonly channels = new Set<Channel>()
  /** Those of TanStack Query's `focusManager`. */
  readonly focusListeners = new Set<(isFocused: boolean) => void>()
  /** How many messages to this page are on their way, by the act of the user that they tell of. */
  readonly due = new Map<number, number>()
  /** The acts in other pages of which this one has heard all that was said, by number. */
  readonly heard = new Set<number>()
  isClosed = false
  isFrozen = false
  #waiting: (() => void)[] = []

  expect(act: number, count: number): void {
    this.due.set(act, (this.due.get(act) ?? 0) + count)
  }

  hear(act: number): void {
    this.expect(act, -1)
    if (this.due.get(act) === 0) this.heard.add(act)
  }

  get isWaiting(): boolean {
    return [...this.due.values()].some((count) => count > 0)
  }

  /** Runs a task of the page: an event, an answer, a timer. */
  enter(task: () => void): void {
    if (this.isClosed) return
    if (this.isFrozen) this.#waiting.push(task)
    else running.run(this, task)
  }

  dispatch(event: string): void {
    this.enter(() => this.listeners.get(event)?.forEach((listener) => listener()))
  }

  focus(): void {
    this.dispatch('focus')
    this.enter(() => this.focusListeners.forEach((listener) => listener(true)))
  }

  /** `pageshow` comes first, and what was held back after it, task by task. */
  *restore(): Generator<void> {
    this.isFrozen = false
    yield this.dispatch('pageshow')
    for (const task of this.#waiting.splice(0)) yield this.enter(task)
  }
}
