import { currentPage } from './Page.ts'

interface Timer {
  at: number
  run: () => void
}

/** Time that passes only when the model lets it. */
export class Clock {
  now = Date.UTC(2026, 0, 1)
  /** Milliseconds by which somebody has set the computer's clock: time itself goes on. */
  set = 0
  /** Milliseconds for which the computer has slept: neither a timer nor a page's own clock knows of them. */
  slept = 0
  readonly #timers = new Map<number, Timer>()
  readonly #cleared = new Set<number>()
  #count = 0

  setTimeout(callback: () => void, delay = 0): number {
    const page = currentPage()
    this.#count += 1
    const id = this.#count
    // A timer that is due in a frozen page can still be cleared.
    const fire = (): void => {
      if (!this.#cleared.delete(id)) callback()
    }
    const run = page ? () => page.enter(fire) : fire
    this.#timers.set(id, { at: this.now + Math.max(0, delay || 0), run })
    return id
  }

  clearTimeout(id: number): void {
    if (!this.#timers.delete(id)) this.#cleared.add(id)
  }

  /** Runs the earliest timer that is due until `time`. Returns whether there was one. */
  tick(time: number): boolean {
    let first: [number, Timer] | undefined
    for (const entry of this.#timers) {
      if (entry[1].at <= time && (!first || entry[1].at < first[1].at)) first = entry
    }
    if (!first) return false
    this.#timers.delete(first[0])
    this.now = Math.max(this.now, first[1].at)
    first[1].run()
    return true
  }
}
