import type { AsyncStorage } from 'signoff'

/** One call that the storage has not answered yet. */
export interface DiskCall {
  /** `'setItem token'`, for example. */
  readonly name: string
  /** Takes effect, and is answered. */
  readonly finish: () => void
  /** Has no effect. */
  readonly fail: () => void
}

/**
 * A storage as a phone or another process has it: a write takes effect when it is answered, and not before. What is read is
 * what it held when it was asked.
 *
 * @param items - What it holds at first.
 */
export const openDisk = (items: Record<string, string> = {}) => {
  const stored = new Map(Object.entries(items))
  const names: string[] = []
  let waiting: DiskCall[] = []
  let slow: RegExp | undefined
  let broken: RegExp | undefined

  const call = <T>(name: string, act: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      names.push(name)
      const settle = (end: () => void) => () => {
        waiting = waiting.filter((each) => each !== own)
        end()
      }
      const own: DiskCall = {
        name,
        finish: settle(() => resolve(act())),
        fail: settle(() => reject(new Error(`${name} of a secret`))),
      }
      if (broken?.test(name)) own.fail()
      else if (slow?.test(name)) waiting.push(own)
      else own.finish()
    })

  const storage: AsyncStorage = {
    getItem: (key) => {
      const held = stored.get(key) ?? null
      return call(`getItem ${key}`, () => held)
    },
    setItem: (key, value) => call(`setItem ${key}`, () => void stored.set(key, value)),
    removeItem: (key) => call(`removeItem ${key}`, () => void stored.delete(key)),
  }

  return {
    storage,
    /** What it holds now. */
    stored,
    /** All calls so far. */
    names,
    /** The calls that are not answered, oldest first. */
    waiting: (name = /./) => waiting.filter((each) => name.test(each.name)),
    /** From here on, calls of this name are not answered. Default: all. */
    hold: (name = /./) => {
      slow = name
    },
    /** Answers all, those that come included. */
    release: () => {
      slow = undefined
      for (const { finish } of waiting) finish()
    },
    /** From here on, calls of this name fail. Default: all. */
    break: (name = /./) => {
      broken = name
    },
    mend: () => {
      broken = undefined
    },
  }
}
