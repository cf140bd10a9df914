import { settleWithin } from '../http/settleWithin.ts'
import type { TokenRefreshParts } from '../http/TokenRefresh.ts'

/**
 * Waits until a storage that answers later has taken what was written, and has been read anew; `undefined`: it can be read at
 * once. Never rejects.
 *
 * @param timeout - Milliseconds to wait.
 */
export const readAgain = (load: TokenRefreshParts['load'], timeout: number): Promise<void> | undefined => {
  const loading = load()
  return loading && settleWithin(timeout, loading).catch(() => {})
}
