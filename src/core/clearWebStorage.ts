import { attempt } from './attempt.ts'
import { getWebStorage, type WebStorageKind } from './TokenStorage.ts'

/** Keys that survive a sign-out in both storages: a list, or a predicate. Never the token's. */
export type KeepStorage = readonly string[] | ((key: string) => boolean)

/**
 * Empties one of the browser's storages but for the keys to keep (OWASP ASVS 5.0, 14.3.1).
 *
 * Never throws: a storage, or a key, that cannot be emptied is reported and stops nothing.
 */
export const clearWebStorage = (kind: WebStorageKind, keep: KeepStorage): void => {
  const what = `${kind}Storage`
  attempt(what, () => {
    const storage = getWebStorage(kind)
    const keys = Array.from({ length: storage?.length ?? 0 }, (_, index) => storage?.key(index) ?? '')
    for (const key of keys) {
      attempt(what, () => {
        if (!(typeof keep === 'function' ? keep(key) : keep.includes(key))) storage?.removeItem(key)
      })
    }
  })
}
