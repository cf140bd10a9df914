import type { TokenStore } from '../browser/createTokenStore.ts'
import type { StoredSession, Tokens } from '../browser/Tokens.ts'
import type { TabMessage, Tabs } from '../browser/createTabs.ts'
import { type SessionEndReason, SessionEndedError } from '../errors/SessionEndedError.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import { ageOf, ageOfSent, getMoment, type Moment } from '../session/Moment.ts'
import { markOf } from '../session/StateMark.ts'
import type { EndedSessions } from './createEndedSessions.ts'
import { createEndQuestions, patience } from './createEndQuestions.ts'
import { createLateRenewals } from './createLateRenewals.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'
import type { LoginAttempt } from './LoginAttempt.ts'

/*
 * Between tabs, the newest act of the user counts. Three things outdate a login under way: a later logout in any tab, a
 * later login in this tab once it has succeeded, and a later login in another tab once its token is in the storage. The end
 * of a session outdates nothing if no newer act caused it: its token was refused, or an older login replaced it.
 */

export interface TabOrder {
  /** The user asks for a login. */
  startLogin: () => LoginAttempt
  /** @throws SessionEndedError if something newer has outdated the attempt. */
  check: (attempt: LoginAttempt) => void
  /** The attempt has begun the session that is on. It outdates those called before. */
  settle: (attempt: LoginAttempt) => void
  /** The user has done something newer in this tab, which outdates all logins under way. */
  outdate: (reason: SessionEndReason) => void
  /** Follows the storage, which is the truth between tabs. */
  synchronize: () => void
  /** Follows the storage only where it holds other tokens of the session that is on. */
  adoptRenewal: () => void
  /** Another tab has sent a message. */
  hear: (message: Partial<TabMessage>) => void
  /** Stops waiting for other tabs. */
  stop: () => void
}

/** @param revokeStray - Revokes tokens whose result nobody waits for, unless they are the current ones. */
export const createTabOrder = <TUser>(
  session: SessionMachine<TUser>,
  store: TokenStore,
  tabs: Tabs,
  sessionSwitch: SessionSwitch<TUser>,
  endedSessions: EndedSessions,
  revokeStray: (tokens: Tokens) => void,
): TabOrder => {
  const lateRenewals = createLateRenewals(session, store, sessionSwitch, endedSessions, revokeStray)
  const readNumber = (): string | null => store.read()?.number ?? null

  /** In the order of their calls: those that may still begin a session, and the last that has. */
  const attempts = new Set<LoginAttempt>()
  const questions = createEndQuestions(endedSessions, revokeStray)
  /** The last message about an end, and when it was heard. */
  let told: Partial<TabMessage> = {}
  let toldAt: Moment | undefined

  const outdateOne = (attempt: LoginAttempt, reason: SessionEndReason): void => {
    attempt.outdatedBy ??= reason
    attempt.stored = null
    attempts.delete(attempt)
    attempt.abort?.(new SessionEndedError(attempt.outdatedBy))
  }

  /** What is aborted may ask for another login at once, which is newer. */
  const outdate = (reason: SessionEndReason): void =>
    [...attempts].forEach((attempt) => outdateOne(attempt, reason))

  const isReplaced = (attempt: LoginAttempt) => attempt.isFollowed && readNumber() !== attempt.stored

  /** The later login of another tab has succeeded. */
  const outdateReplaced = () =>
    attempts.forEach((each) => readNumber() && isReplaced(each) && outdateOne(each, 'elsewhere'))

  /** A message outdates what is older. It comes late, so the time in it counts, which is that of the act. */
  const weigh = ({ act, at = 0, by = at }: Partial<TabMessage>): void => {
    const age = ageOfSent(at)
    attempts.forEach((attempt) => {
      const attemptAge = ageOf(attempt.at)
      if (act === 'end' && ageOfSent(by) > attemptAge) attempt.isOrphaned = false
      if (age > attemptAge) return
      if (act === 'login') attempt.isFollowed = true
      if (act !== 'logout') return
      outdateOne(attempt, 'elsewhere')
      const { begunAt, begun } = attempt
      const tokens = session.getTokens()
      // The message was late: meanwhile the login has been answered, and its session has begun.
      if (tokens && begunAt && age >= ageOf(begunAt) && begun === markOf(session.getState()).epoch) {
        sessionSwitch.end('elsewhere', undefined, at)
        revokeStray(tokens)
      }
    })
  }

  /** Revokes tokens if no other tab says that it has ended the session, within a second before or after. */
  const askWhoEndedIt = (tokens: StoredSession): void => {
    if (!tabs.isOpen()) return
    questions.ask(tokens)
    // In Firefox, the message about an end may come before the storage shows it.
    if (toldAt && ageOf(toldAt) < patience) {
      weigh(told)
      questions.stop(ageOf(toldAt))
    }
  }

  const adoptRenewal = (): void => {
    const stored = store.read()
    const tokens = session.getTokens()
    if (!stored || !tokens) return
    // Some APIs give the same token to the next session.
    const isSame = stored.token === tokens.token
    // One that is missing was refused.
    const isRotated = (stored.refreshToken ?? tokens.refreshToken) !== tokens.refreshToken
    if (stored.number === tokens.number ? !isSame || isRotated : isSame) sessionSwitch.renew(stored)
  }

  const takeOver = (): void => {
    lateRenewals.refuse()
    adoptRenewal()
    const stored = store.read()
    if (session.isCurrent(stored?.token ?? null)) return
    const tokens = session.getTokens()
    sessionSwitch.switch('elsewhere', stored ? { tokens: stored, user: null } : undefined)
    outdateReplaced()
    if (!tokens) return
    if (!stored) for (const attempt of attempts) attempt.isOrphaned = true
    // If other code emptied the storage, or only this tab knew the token, nobody else revokes it.
    askWhoEndedIt(tokens)
  }

  const synchronize = (): void => sessionSwitch.after(takeOver)

  return {
    outdate,
    synchronize,
    adoptRenewal,

    startLogin: () => {
      const attempt: LoginAttempt = { at: getMoment(), stored: readNumber() }
      attempts.add(attempt)
      tabs.post('login')
      return attempt
    },

    check: (attempt) => {
      synchronize()
      const reason = attempt.outdatedBy ?? (isReplaced(attempt) || attempt.isOrphaned ? 'elsewhere' : null)
      if (reason) throw new SessionEndedError(reason)
    },

    settle: (attempt) => {
      Object.assign(attempt, {
        begun: markOf(session.getState()).epoch,
        begunAt: getMoment(),
        stored: null,
      })
      let isLater = false
      for (const other of attempts) {
        if (other === attempt) isLater = true
        else if (isLater) other.stored = readNumber()
        else outdateOne(other, 'replaced')
      }
    },

    hear: (message) => {
      if (message.act === 'end') {
        told = message
        toldAt = getMoment()
        endedSessions.add(message)
        // An end that is later than the question is another one.
        questions.stop(ageOfSent(message.at ?? 0))
        lateRenewals.hear(message)
      }
      synchronize()
      weigh(message)
      outdateReplaced()
    },

    stop: () => {
      questions.stop(Infinity)
      lateRenewals.stop()
    },
  }
}
