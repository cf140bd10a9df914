import type { TokenStore } from '../browser/createTokenStore.ts'
import type { TabMessage, Tabs } from '../browser/createTabs.ts'
import { type SessionEndReason, SessionEndedError } from '../errors/SessionEndedError.ts'
import { markOf, type SessionMachine } from '../session/createSession.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'

/*
 * Between tabs, the newest act of the user counts. Three things outdate a login under way: a later logout in any tab, a
 * later login in this tab, and a later login in another tab once its token is in the storage. The end of a session
 * outdates nothing if no newer act caused it: its token was refused, or an older login replaced it.
 */

/** One login that the user asked for: one call with its retries. */
export interface LoginAttempt {
  /** When the user asked for it, in milliseconds since 1970. */
  readonly at: number
  /** The token that was stored at that time. */
  stored: string | null
  outdatedBy?: SessionEndReason
  /** The user has asked for another login in another tab. */
  isFollowed?: true
  /** The session that was on has ended in another tab. Something newer ended it, unless that tab says otherwise. */
  isOrphaned?: boolean
  /** The epoch of the session that it has begun. `begunAt` says when. */
  begun?: number
  begunAt?: number
}

export interface TabOrder {
  /** The user asks for a login. It outdates the one before. */
  startLogin: () => LoginAttempt
  /** @throws SessionEndedError if something newer has outdated the attempt. */
  check: (attempt: LoginAttempt) => void
  /** The attempt has begun the session that is on. */
  settle: (attempt: LoginAttempt) => void
  /** The user has done something newer in this tab, which outdates a login under way. */
  outdate: (reason: SessionEndReason) => void
  /** Follows the storage, which is the truth between tabs. */
  synchronize: () => void
  /** Another tab has sent a message. */
  hear: (message: Partial<TabMessage>) => void
  /** Stops waiting for other tabs. */
  stop: () => void
}

/** Milliseconds to wait for the message of another tab. A message takes about six. */
const patience = 1000

/** @param revokeStray - Revokes a token whose result nobody waits for, unless it is the current token. */
export const createTabOrder = <TUser>(
  session: SessionMachine<TUser>,
  store: TokenStore,
  tabs: Tabs,
  sessionSwitch: SessionSwitch<TUser>,
  revokeStray: (token: string) => void,
): TabOrder => {
  let latest: LoginAttempt = { at: 0, stored: null }
  /** Sessions that have ended in another tab, which has not said so yet: the timer of each, and when it ended. */
  const questions = new Map<ReturnType<typeof setTimeout>, number>()
  /** The last message about an end, and when it was heard. */
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

  /** A message outdates what is older. It comes late, so the time in it counts, which is that of the act. */
  const weigh = ({ act, at = 0, by = at }: Partial<TabMessage>): void => {
    if (act === 'end' && by < latest.at) latest.isOrphaned = false
    const { begunAt = 0, begun } = latest
    const { token } = session.getState()
    if (at < latest.at) return
    if (act === 'login') latest.isFollowed = true
    if (act !== 'logout') return
    outdate('elsewhere')
    // The message was late: meanwhile the login has been answered, and its session has begun.
    if (token && at <= begunAt && begun === markOf(session.getState()).epoch) {
      sessionSwitch.end('elsewhere', undefined, at)
      revokeStray(token)
    }
  }

  /** Calls back if no other tab says that it has ended the session, within a second before or after. */
  const askWhoEndedIt = (onSilence: () => void): void => {
    if (!tabs.isOpen()) return
    const now = Date.now()
    // In Firefox, the message about an end may come before the storage shows it.
    if (now - toldAt < patience) return weigh(told)
    const timer = setTimeout(() => {
      questions.delete(timer)
      onSilence()
    }, patience)
    questions.set(timer, now)
  }

  const takeOver = (isTold: boolean): void => {
    const stored = store.read()
    if (session.isCurrent(stored)) return
    const { token } = session.getState()
    sessionSwitch.switch('elsewhere', stored === null ? undefined : { token: stored, user: null })
    if (token === null) return
    if (stored === null) latest.isOrphaned = true
    // If other code emptied the storage, or only this tab knew the token, nobody else revokes it.
    if (!isTold) askWhoEndedIt(() => revokeStray(token))
  }

  const follow = (isTold: boolean): void => sessionSwitch.after(() => takeOver(isTold))

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
        // An end that is later than the question is another one.
        stopAsking(message.at ?? 0)
      }
      follow(isEnd)
      weigh(message)
    },

    stop: () => stopAsking(0),
  }
}
