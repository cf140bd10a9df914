import type { StoredSession, Tokens } from '../browser/Tokens.ts'
import { ageOf, getMoment, type Moment } from '../session/Moment.ts'
import type { EndedSessions } from './createEndedSessions.ts'

/** Asks who has ended a session: whoever has not revokes its tokens only if nobody else does. */
export interface EndQuestions {
  /** Revokes tokens if nobody says within a second that it has ended their session. */
  ask: (tokens: StoredSession) => void
  /**
   * Somebody has said it, and revokes the token that it knew. If that is an older one, this one is revoked here.
   *
   * @param age - Of what happened: questions that are older are about something else.
   */
  stop: (age: number) => void
}

/** Milliseconds to wait for the message of another tab. A message takes about six. */
export const patience = 1000

export const createEndQuestions = (
  endedSessions: EndedSessions,
  revokeStray: (tokens: Tokens) => void,
): EndQuestions => {
  /** By the timer of each, and when the session ended. */
  const questions = new Map<ReturnType<typeof setTimeout>, { askedAt: Moment; tokens: StoredSession }>()

  return {
    ask: (tokens) => {
      const timer = setTimeout(() => {
        questions.delete(timer)
        revokeStray(tokens)
      }, patience)
      questions.set(timer, { askedAt: getMoment(), tokens })
    },
    stop: (age) =>
      questions.forEach(({ askedAt, tokens }, timer) => {
        if (ageOf(askedAt) > age) return
        clearTimeout(timer)
        questions.delete(timer)
        if (endedSessions.isOver(tokens)) revokeStray(tokens)
      }),
  }
}
