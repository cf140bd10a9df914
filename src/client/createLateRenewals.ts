import type { TabMessage } from '../browser/createTabs.ts'
import type { TokenStore } from '../browser/createTokenStore.ts'
import { fingerprint } from '../browser/fingerprint.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'

/** Ends a session once more that a renewal has brought back into the storage. */
export interface LateRenewals {
  /** Another tab has ended a session. */
  hear: (message: Partial<TabMessage>) => void
  stop: () => void
}

/** Milliseconds: by then the storage shows what both tabs have written. */
const patience = 1000

/**
 * A tab may store renewed tokens in the moment in which another tab logs out: the storage of several tabs knows no
 * compare-and-write, and no lock may hold a logout up. So whoever hears of an end looks at the storage again: a token of the
 * same session that the ending tab has not known is nobody's any more.
 */
export const createLateRenewals = <TUser>(
  session: Pick<SessionMachine<TUser>, 'getTokens'>,
  store: Pick<TokenStore, 'read' | 'write'>,
  sessionSwitch: Pick<SessionSwitch<TUser>, 'switch' | 'after'>,
  revokeStray: (tokens: Tokens) => void,
): LateRenewals => {
  const timers = new Set<ReturnType<typeof setTimeout>>()

  const end = (number: string, lastKnown: string | undefined): void => {
    const stored = store.read()
    if (stored?.number !== number || fingerprint(stored.token) === lastKnown) return
    if (session.getTokens()?.number === number) sessionSwitch.switch('elsewhere')
    else store.write(null)
    revokeStray(stored)
  }

  return {
    hear: ({ number, token }) => {
      if (number === undefined) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        sessionSwitch.after(() => end(number, token))
      }, patience)
      timers.add(timer)
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
