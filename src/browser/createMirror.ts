import { fingerprint } from './fingerprint.ts'
import type { TokenStorage } from './TokenStorage.ts'

/** A storage whose functions return promises. They may be slow, fail, and settle in any order. */
export interface AsyncStorage {
  /** What is stored under a key; `null` or `undefined` if there is nothing. */
  getItem: (key: string) => Promise<string | null | undefined>
  /** Stores a value in the place of any other. */
  setItem: (key: string, value: string) => Promise<unknown>
  /** Leaves nothing under a key. */
  removeItem: (key: string) => Promise<unknown>
}

/** What the storage has answered to one reading. */
export interface Reading {
  readonly found: string | null
  /** Takes it over, if it is still news. */
  readonly take: () => void
}

/** One key of an asynchronous storage, in memory. It can be read and changed at once; the storage follows. */
export interface Mirror extends Pick<TokenStorage, 'get' | 'set' | 'remove'> {
  /** Whether it has been changed. */
  isChanged: () => boolean
  /**
   * Asks the storage, after what is being written. Fails as it does. If it was changed before it was known what it held,
   * that is what is found, although it may have been replaced since.
   */
  read: () => Promise<Reading>
}

/** Milliseconds until what has failed is written again. Doubled each time. */
const patience = 1000

/** Milliseconds. */
const limit = 60_000

/*
 * The storage is written to by one call at a time: whatever order its answers come in, the last change is what stays. Only a
 * removal waits for nothing. If something is being written when it is called, it is removed at once and again afterwards.
 * A removal is owed until it has succeeded, or until another value has taken the place of what was to be removed.
 *
 * What has failed is written again: after a while, and when the storage is read. It is asked first, because another process
 * may have written meanwhile: what is neither there in the mirror nor has been, is that process's, and stays.
 */

/** @param onFailure - Gets what the storage throws or rejects with at a write. */
export const createMirror = (
  storage: AsyncStorage,
  key: string,
  onFailure: (failure: unknown) => void,
): Mirror => {
  let known: string | null = null
  /** How often it was changed, which of the changes the storage has, and which was a removal that is owed. */
  let changes = 0
  let written = 0
  let owed = 0
  /** Numbers the readings, and says which was taken over last: one that was asked for earlier is older. */
  let readings = 0
  let taken = 0
  /** What the storage may hold because the last changes have not reached it. */
  const replaced = new Set<string>()
  /** It was changed before it was known what it held. */
  let isBlind = false
  /** What it held then, until it is asked for. */
  let unseen: string | null = null
  let isWriting = false
  let writing: Promise<void> | undefined
  let hurrying: Promise<void> | undefined
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const attempt = async (act: () => unknown): Promise<boolean> => {
    try {
      await act()
      return true
    } catch (failure) {
      onFailure(failure)
      return false
    }
  }
  const removeItem = (): Promise<boolean> => attempt(() => storage.removeItem(key))

  const hurry = async (before: Promise<void> | undefined): Promise<void> => {
    await Promise.all([removeItem(), before])
  }

  const settle = (): void => {
    written = changes
    owed = 0
    failures = 0
    hurrying = undefined
    isBlind = false
    replaced.clear()
    clearTimeout(timer)
  }

  const writeOn = async (): Promise<void> => {
    if (hurrying) {
      const hurried = hurrying
      await hurried
      // Another may have been called meanwhile.
      if (hurrying === hurried) hurrying = undefined
      return writeOn()
    }
    const own = changes
    const removal = owed
    let isDone = true
    if (removal > 0) {
      isDone = await removeItem()
      if (isDone && owed === removal) owed = 0
    }
    const value = known
    if (own === changes && value !== null) isDone = await attempt(() => storage.setItem(key, value))
    if (own !== changes) return writeOn()
    isWriting = false
    if (isDone) return settle()
    timer = setTimeout(retry, Math.min(patience * 2 ** failures, limit))
    failures += 1
  }

  const write = (): void => {
    if (isWriting) return
    isWriting = true
    writing = writeOn()
  }

  const isForeign = (found: string | null): boolean =>
    found !== null && !isBlind && found !== known && !replaced.has(fingerprint(found))

  const ask = async (): Promise<Reading> => {
    // What is asked for meanwhile may be older.
    if (isWriting) await writing
    const own = changes
    const isWritten = written === own
    readings += 1
    const number = readings
    const found = (await storage.getItem(key)) ?? null
    if (isBlind) unseen ??= found
    return {
      found,
      take: () => {
        const isNews = own === changes && isWritten === (written === own) && !isWriting && number > taken
        taken = Math.max(taken, number)
        if (!isNews) return
        if (isWritten || isForeign(found)) {
          known = found
          settle()
        } else write()
      },
    }
  }

  const read = async (): Promise<Reading> => {
    const { found, take } = await ask()
    const before = unseen ?? found
    unseen = null
    return { found: before, take }
  }

  const retry = async (): Promise<void> => {
    const reading = await ask().catch(() => null)
    // What cannot be read can perhaps be removed.
    if (reading) reading.take()
    else write()
  }

  const change = (next: string | null): void => {
    if (known !== null) replaced.add(fingerprint(known))
    isBlind ||= taken === 0
    known = next
    changes += 1
    clearTimeout(timer)
  }

  return {
    read,
    isChanged: () => changes > 0,
    get: () => known,

    set: (value) => {
      change(value)
      write()
    },

    remove: () => {
      change(null)
      owed = changes
      if (isWriting) hurrying = hurry(hurrying)
      else write()
    },
  }
}
