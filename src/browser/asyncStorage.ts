import { report } from '../errors/safely.ts'
import { type AsyncStorage, createMirror } from './createMirror.ts'
import type { TokenStorage } from './TokenStorage.ts'

/**
 * Keeps the token in a storage whose functions return promises, and a copy of it in memory, which is what signoff reads.
 * Until the storage has been read, the state is `'restoring'` without a token.
 *
 * A logout returns at once, and removes the token before anything else is written. What fails is tried again, after a while
 * and on focus. A storage that cannot be read yet (a keychain that is locked) is left alone, and read again on focus.
 *
 * @param storage - Any `{ getItem, setItem, removeItem }`. They are called as its methods.
 * @param key - The key of the token, which is stored as it is. Default `'token'`. Under `${key}.of` it is said whose the
 * token is, as `webStorage` does.
 */
export const asyncStorage = (storage: AsyncStorage, key: string = 'token'): TokenStorage => {
  let isReported = false
  /** Reports only the name of an error: its message may quote what was written. */
  const reportOnce = (failure: unknown): void => {
    if (!isReported) report(`storage ${Object(failure).name}`)
    isReported = true
  }
  const token = createMirror(storage, key, reportOnce)
  const owner = createMirror(storage, `${key}.of`, reportOnce)
  let isRead = false

  return {
    key,
    get: token.get,
    set: token.set,
    remove: token.remove,
    owner: { get: owner.get, set: owner.set, remove: owner.remove },

    load: async () => {
      const isChanged = token.isChanged()
      const [own, of] = await Promise.all([token.read(), owner.read()])
      const isLate = !isRead && (isChanged || token.isChanged())
      isRead = true
      own.take()
      of.take()
      return isLate ? { get: () => own.found, owner: { get: () => of.found } } : undefined
    },
  }
}
