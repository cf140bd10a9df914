import type { TabMessage } from '../browser/createTabs.ts'
import type { TokenStore } from '../browser/createTokenStore.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { EndedSession, EndedSessions } from './createEndedSessions.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'

/** Ends a session once more that a renewal has brought back into the storage. */
export interface LateRenewals {
  /** Another tab has ended a session. */
  hear: (message: Partial<TabMessage>) => void
  /** If what is stored belongs to a session that has ended, and not to that which is on, it is removed and revoked. */
  refuse: () => void
  stop: () => void
}

/** Milliseconds: by then the storage shows what both tabs have written. */
const patience = 1000

/**
 * A tab may store renewed tokens in the moment in which another tab logs out: the storage of several tabs knows no
 * compare-and-write, and no lock may hold a logout up. So whoever hears of an end looks at the storage again: a token of the
 * same session that the ending tab has not known is nobody's any more. The ending tab itself does not take it over.
 */
export const createLateRenewals = <TUser>(
  session: Pick<SessionMachine<TUser>, 'getTokens'>,
  store: Pick<TokenStore, 'read' | 'write'>,
  sessionSwitch: Pick<SessionSwitch<TUser>, 'switch' | 'after'>,
  endedSessions: EndedSessions,
  revokeStray: (tokens: Tokens) => void,
): LateRenewals => {
  const timers = new Set<ReturnType<typeof setTimeout>>()

  const end = (ended?: EndedSession): void => {
    const stored = store.read()
    if (!stored || !endedSessions.isOver(stored, ended)) return
    if (session.getTokens()?.number === stored.number) sessionSwitch.switch('elsewhere')
    else store.write(session.getTokens())
    revokeStray(stored)
  }

  return {
    refuse: () => {
      if (session.getTokens()?.number !== store.read()?.number) end()
    },
    hear: (message) => {
      if (message.number === undefined) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        sessionSwitch.after(() => end(message))
      }, patience)
      timers.add(timer)
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
