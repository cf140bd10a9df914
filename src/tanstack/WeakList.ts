/** How many it remembers where the platform has no `WeakRef`: the newest. There it keeps them alive. */
const most = 1000

/** A list that keeps nothing alive. */
export class WeakList<T extends object> {
  #references: Pick<WeakRef<T>, 'deref'>[] = []
  #known = new WeakSet<T>()
  /** At this length, what has gone is swept out. */
  #limit = 100

  add(item: T): void {
    if (this.#known.has(item)) return
    this.#known.add(item)
    const isWeak = typeof WeakRef !== 'undefined'
    this.#references.push(isWeak ? new WeakRef(item) : { deref: () => item })
    if (this.#references.length < this.#limit) return
    const left = this.#references.filter((reference) => reference.deref())
    this.#references = isWeak ? left : left.slice(-most)
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
