import type { TokenStore } from '../browser/createTokenStore.ts'
import { settleWithin } from '../http/settleWithin.ts'

/**
 * Does something with what a storage holds now, and waits until it holds what was written. Both take a while only where the
 * storage cannot be read at once; where it fails, what is known of it counts.
 *
 * @param timeout - Milliseconds to wait for each.
 */
export const withStorage = async <T>(
  { load }: Pick<TokenStore, 'load'>,
  timeout: number,
  act: () => Promise<T>,
): Promise<T> => {
  const wait = async (): Promise<void> => {
    const loading = load()
    if (loading) await settleWithin(timeout, loading).catch(() => {})
  }
  await wait()
  return act().finally(wait)
}
