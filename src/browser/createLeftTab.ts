import { safely } from '../errors/safely.ts'
import type { TokenStore } from './createTokenStore.ts'
import { getWebStorage, type TokenStorage } from './TokenStorage.ts'

/**
 * A tab may show another site, or be closed, when its session ends in another tab. Then nobody empties its `sessionStorage`.
 * So a page that is left says there whose it was, and the tab's next page empties it if that session is over.
 *
 * @param name - The key under which it says that: the clients of the same API share it.
 */
export const createLeftTab = (
  name: string,
  { scope, load }: TokenStorage,
  { clearStorage }: { clearStorage?: 'everything' | 'token' | undefined },
  store: Pick<TokenStore, 'clear' | 'read'>,
): { watch: () => () => void } => {
  const leave = (): void => {
    const storage = getWebStorage('session')
    const { number } = store.read() ?? {}
    if (storage?.length && number) storage.setItem(name, number)
  }

  const returnTo = (): void => {
    const storage = getWebStorage('session')
    const number = storage?.getItem(name) ?? null
    if (number === null) return
    storage?.removeItem(name)
    if (number !== store.read()?.number) store.clear('session')
  }

  const onLeave = (): void => safely(leave)

  return {
    watch: () => {
      // A tab that has a token of its own keeps it there, too. Where there is no document, there are no tabs.
      if (scope || load || clearStorage === 'token' || typeof document === 'undefined') return () => {}
      safely(returnTo)
      window.addEventListener('pagehide', onLeave)
      return () => window.removeEventListener('pagehide', onLeave)
    },
  }
}
