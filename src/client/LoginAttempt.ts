import type { SessionEndedError, SessionEndReason } from '../errors/SessionEndedError.ts'
import type { Moment } from '../session/Moment.ts'

/** One login that the user asked for: one call with its retries. */
export interface LoginAttempt {
  /** When the user asked for it. */
  readonly at: Moment
  /** The number of the session that was stored at that time. */
  stored: string | null
  outdatedBy?: SessionEndReason
  /** Tells the app's own function that its login is outdated. */
  abort?: (error: SessionEndedError) => void
  /** The user has asked for another login in another tab. */
  isFollowed?: true
  /** The session that was on has ended in another tab. Something newer ended it, unless that tab says otherwise. */
  isOrphaned?: boolean
  /** The epoch of the session that it has begun. `begunAt` says when. */
  begun?: number
  begunAt?: Moment
}
