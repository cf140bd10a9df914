import { currentPage } from './Page.ts'

/**
 * A storage that takes its time, as IndexedDB does: what the pages of an origin ask of it is done in the order in which they
 * ask, and each page hears of it later. What a page has asked for is done although it is closed.
 */
export class Disk {
  readonly held = new Map<string, string>()
  readonly #asked: (() => void)[] = []
  readonly #later: (label: string, task: () => void) => void

  /** @param later - Does something at a time that the scheduler chooses. */
  constructor(later: (label: string, task: () => void) => void) {
    this.#later = later
  }

  #ask<T>(label: string, act: () => T): Promise<T> {
    const page = currentPage()
    return new Promise((resolve) => {
      this.#asked.push(() => {
        const result = act()
        if (page) page.enter(() => resolve(result))
        else resolve(result)
      })
      this.#later(label, () => this.#asked.shift()?.())
    })
  }

  readonly getItem = (key: string): Promise<string | null> =>
    this.#ask('the copy is read', () => this.held.get(key) ?? null)

  readonly setItem = (key: string, value: string): Promise<void> =>
    this.#ask('the copy is written', () => void this.held.set(key, value))

  readonly removeItem = (key: string): Promise<void> =>
    this.#ask('the copy is removed', () => void this.held.delete(key))
}
