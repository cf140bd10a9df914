import type { TokenStore } from '../browser/createTokenStore.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { TabOrder } from './createTabOrder.ts'

/**
 * Reads the storage anew, and follows it: at once, or where that takes time, later. Then it returns a promise, which never
 * rejects.
 *
 * @param isSeen - Whether somebody looks, who is shown that nobody is signed in if the storage cannot be read.
 */
export type Restore = (isSeen: boolean) => Promise<void> | undefined

/** @param revokeStray - Revokes tokens whose result nobody waits for, unless they are the current ones. */
export const createRestore =
  (
    session: Pick<SessionMachine<unknown>, 'open'>,
    store: Pick<TokenStore, 'load' | 'isUnread'>,
    order: Pick<TabOrder, 'synchronize'>,
    revokeStray: (tokens: Tokens) => void,
  ): Restore =>
  (isSeen) => {
    const follow = (replaced: Tokens | null): void => {
      if (replaced) revokeStray(replaced)
      order.synchronize()
      if (isSeen || !store.isUnread()) session.open()
    }
    const loading = store.load()
    if (loading) return loading.then(follow)
    follow(null)
    return undefined
  }
