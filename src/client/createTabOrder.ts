import type { TokenStore } from '../browser/createTokenStore.ts'
import type { TabMessage, Tabs } from '../browser/createTabs.ts'
import { type SessionEndReason, SessionEndedError } from '../errors/SessionEndedError.ts'
import { markOf, type SessionMachine } from '../session/createSession.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'

/*
 * Whose act counts between tabs: the newest. A login under way is outdated by a later logout in any tab, by a later
 * login in this tab, and by one in another tab once its token shows in the storage. The end of a session that came of
 * no newer act of the user's (its token was refused, or replaced by a login that is older) outdates nothing.
 */

/** The user's wish to be logged in: one call with its retries. */
export interface LoginAttempt {
  /** When it was called for, in milliseconds since the epoch. */
  readonly at: number
  /** The token that was stored then. */
  stored: string | null
  outdatedBy?: SessionEndReason
  /** The user has called for another login in another tab. */
  isFollowed?: true
  /** The session that was on has ended in another tab: by something newer, as long as nobody says otherwise. */
  isOrphaned?: boolean
  /** The session that it has begun, by its epoch, and when. */
  begun?: number
  begunAt?: number
}

export interface TabOrder {
  /** The user calls for a login: it outdates the one before. */
  startLogin: () => LoginAttempt
  /** @throws SessionEndedError where something newer has outdated the attempt. */
  check: (attempt: LoginAttempt) => void
  /** The attempt has begun the session that is on. */
  settle: (attempt: LoginAttempt) => void
  /** The user has done something newer in this tab: a login under way is outdated. */
  outdate: (reason: SessionEndReason) => void
  /** Does what the storage says: it is the truth between tabs. */
  synchronize: () => void
  /** Another tab has told something. */
  hear: (message: Partial<TabMessage>) => void
  /** Waits for no other tab any longer. */
  stop: () => void
}

/** Milliseconds: a message between tabs takes some six. */
const patience = 1000

/** @param revokeStray - Revokes a token that nobody asks about, unless it is the current one. */
export const createTabOrder = <TUser>(
  session: SessionMachine<TUser>,
  store: TokenStore,
  tabs: Tabs,
  sessionSwitch: SessionSwitch<TUser>,
  revokeStray: (token: string) => void,
): TabOrder => {
  let latest: LoginAttempt = { at: 0, stored: null }
  /** Sessions that have ended in another tab, which has yet to say so: when they had. */
  const questions = new Map<ReturnType<typeof setTimeout>, number>()
  /** The last end that was told of, and when it was heard. */
  let told: Partial<TabMessage> = {}
  let toldAt = -Infinity

  const outdate = (reason: SessionEndReason): void => {
    latest.outdatedBy ??= reason
    latest.stored = null
  }

  const stopAsking = (since: number): void =>
    questions.forEach((askedAt, timer) => {
      if (askedAt < since) return
      clearTimeout(timer)
      questions.delete(timer)
    })

  /** Word of another tab outdates what is older. Messages come late: their time is that of the act. */
  const weigh = ({ act, at = 0, by = at }: Partial<TabMessage>): void => {
    if (act === 'end' && by < latest.at) latest.isOrphaned = false
    const { begunAt = 0, begun } = latest
    const { token } = session.getState()
    if (at < latest.at) return
    if (act === 'login') latest.isFollowed = true
    if (act !== 'logout') return
    outdate('elsewhere')
    // Heard too late: meanwhile the answer has come in.
    if (token && at <= begunAt && begun === markOf(session.getState()).epoch) {
      sessionSwitch.end('elsewhere', undefined, at)
      revokeStray(token)
    }
  }

  /** Calls back where no other tab says that it has ended the session, from a second before to a second after. */
  const askWhoEndedIt = (onSilence: () => void): void => {
    if (!tabs.isOpen()) return
    const now = Date.now()
    // Word of an end may come before the storage shows it: in Firefox it does.
    if (now - toldAt < patience) return weigh(told)
    const timer = setTimeout(() => {
      questions.delete(timer)
      onSilence()
    }, patience)
    questions.set(timer, now)
  }

  const follow = (isTold: boolean): void => {
    const stored = store.read()
    if (session.isCurrent(stored)) return
    const { token } = session.getState()
    sessionSwitch.switch('elsewhere', stored === null ? undefined : { token: stored, user: null })
    if (token === null) return
    if (stored === null) latest.isOrphaned = true
    // Other code may have emptied the storage, or this tab alone have known the token: then nobody else revokes it.
    if (!isTold) askWhoEndedIt(() => revokeStray(token))
  }

  const synchronize = (): void => follow(false)

  return {
    outdate,
    synchronize,

    startLogin: () => {
      outdate('replaced')
      latest = { at: Date.now(), stored: store.read() }
      tabs.post('login')
      return latest
    },

    check: (attempt) => {
      synchronize()
      const isReplaced = attempt.isFollowed && store.read() !== attempt.stored
      const reason = attempt.outdatedBy ?? (isReplaced || attempt.isOrphaned ? 'elsewhere' : null)
      if (reason) throw new SessionEndedError(reason)
    },

    settle: (attempt) => {
      Object.assign(attempt, { begun: markOf(session.getState()).epoch, begunAt: Date.now(), stored: null })
    },

    hear: (message) => {
      const isEnd = message.act === 'end'
      if (isEnd) {
        told = message
        toldAt = Date.now()
        // What ended later than the question was asked cannot have been it.
        stopAsking(message.at ?? 0)
      }
      follow(isEnd)
      weigh(message)
    },

    stop: () => stopAsking(0),
  }
}
