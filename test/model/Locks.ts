import { currentPage, type Page } from './Page.ts'

interface Ask {
  page: Page | undefined
  grant: () => void
}

/**
 * Web Locks as far as they are used here: exclusive, in the order of the calls, with a signal. A page that is closed lets go
 * of its own.
 */
export class Locks {
  /** Of each name the first one holds the lock. */
  readonly #queues = new Map<string, Ask[]>()

  readonly request = (name: string, ...given: unknown[]): Promise<unknown> => {
    const act = given.at(-1) as () => unknown
    const { signal } = Object(given.length > 1 ? given[0] : {}) as { signal?: AbortSignal }
    const page = currentPage()
    return new Promise((resolve, reject) => {
      const finish = (): void => this.#remove(name, ask)
      const run = (): void => {
        if (signal?.aborted) return
        signal?.removeEventListener('abort', giveUp)
        void (async () => act())().finally(finish).then(resolve, reject)
      }
      const ask: Ask = {
        page,
        grant: () => void Promise.resolve().then(() => (page ? page.enter(run) : run())),
      }
      const giveUp = (): void => {
        finish()
        reject(signal?.reason as Error)
      }
      if (signal?.aborted) return reject(signal.reason as Error)
      signal?.addEventListener('abort', giveUp)
      const queue = this.#queues.get(name) ?? []
      this.#queues.set(name, queue)
      queue.push(ask)
      if (queue.length === 1) ask.grant()
    })
  }

  readonly query = async () => ({
    held: [...this.#queues].filter(([, queue]) => queue.length > 0).map(([name]) => ({ name })),
  })

  #remove(name: string, ask: Ask): void {
    const queue = this.#queues.get(name) ?? []
    const isHeld = queue[0] === ask
    const index = queue.indexOf(ask)
    if (index < 0) return
    queue.splice(index, 1)
    if (isHeld) queue[0]?.grant()
  }

  /** Nobody waits for a page that is closed. */
  drop(page: Page): void {
    for (const [name, queue] of this.#queues)
      for (const ask of queue.filter((each) => each.page === page)) this.#remove(name, ask)
  }
}
