import type { TabMessage } from '../browser/createTabs.ts'
import { isRenewed } from '../browser/createTokenStore.ts'
import { fingerprint } from '../browser/fingerprint.ts'
import type { StoredSession } from '../browser/Tokens.ts'

/** By what tabs tell each other of a session that has ended. */
export type EndedSession = Pick<TabMessage, 'number' | 'token'>

/** Knows the last session that has ended by an act, in this tab or another. */
export interface EndedSessions {
  add: (ended: EndedSession) => void
  /**
   * Whether a renewal has brought an ended session back: it has its number, and a token that the ending tab has not known.
   *
   * @param ended - Default: the last one.
   */
  isOver: (stored: StoredSession, ended?: EndedSession) => boolean
}

export const createEndedSessions = (): EndedSessions => {
  let last: EndedSession = {}

  return {
    add: (ended) => {
      last = ended
    },
    // Some APIs give the first token of a session to the next one.
    isOver: (stored, { number, token } = last) =>
      stored.number === number && isRenewed(stored) && fingerprint(stored.token) !== token,
  }
}
