/** A list that keeps nothing alive. Where the platform has no `WeakRef`, it remembers nothing. */
export class WeakList<T extends object> {
  #references: WeakRef<T>[] = []
  #known = new WeakSet<T>()
  /** At this length, what has gone is swept out. */
  #limit = 100

  add(item: T): void {
    if (this.#known.has(item) || typeof WeakRef === 'undefined') return
    this.#known.add(item)
    this.#references.push(new WeakRef(item))
    if (this.#references.length < this.#limit) return
    this.#references = this.#references.filter((reference) => reference.deref())
    this.#limit = Math.max(100, this.#references.length * 2)
  }

  /** What has not gone yet. */
  getAll(): T[] {
    return this.#references.flatMap((reference) => reference.deref() ?? [])
  }

  /** The same, and empties the list. */
  take(): T[] {
    const items = this.getAll()
    this.#references = []
    this.#known = new WeakSet()
    return items
  }
}
