import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { AuthState, SessionEndReason } from './AuthState.ts'
import type { TokenStore } from './createTokenStore.ts'

/*
 * The session is the one state machine of the package. It changes nothing but itself: `createTransition.ts` carries
 * its events to storage, caches and React.
 *
 * | event                          | signed-out          | restoring (token)       | signed-in (token, user)  |
 * | ------------------------------ | ------------------- | ----------------------- | ------------------------ |
 * | storage holds another token    | restoring, epoch +1 | restoring it, epoch +1  | restoring it, epoch +1   |
 * | storage holds none             | -                   | signed-out (elsewhere)  | signed-out (elsewhere)   |
 * | user query succeeds            | -                   | signed-in               | signed-in, new user      |
 * | API rejects the current token  | -                   | signed-out (rejected)   | signed-out (rejected)    |
 * | user query fails otherwise     | -                   | restoring, retried      | -                        |
 * | login, register, setSession    | signed-in, epoch +1 | signed-in, epoch +1     | signed-in, epoch +1      |
 * | logout                         | -                   | signed-out (logout)     | signed-out (logout)      |
 *
 * Leaving a session aborts its signal with a `SessionEndedError`; every write that follows an `await` first asks
 * whether its session is still `current`. A login under way is outdated by any later login or logout
 * (`createAttempts.ts`), never by the rejection of the token that it is about to replace.
 */

/** One session: from the moment its token is known until it ends. */
export interface Session<TUser> {
  /** Counts the sessions of this page, from 1. */
  readonly epoch: number
  readonly token: string
  /** `null` while the token is being checked. */
  readonly user: TUser | null
  /** Aborted with a `SessionEndedError` when the session ends. */
  readonly signal: AbortSignal
}

export interface SessionMachine<TUser> {
  /** The session that is on, or `null` while nobody is signed in. The first call reads the storage. */
  current: () => Session<TUser> | null
  /** The same object until something changes. */
  getState: () => AuthState<TUser>
  begin: (token: string, user: TUser | null) => void
  end: (reason: SessionEndReason) => void
  /** The user query has answered for the session that is on. Returns whether that changed anything. */
  confirm: (user: TUser) => boolean
}

const epochs = new WeakMap<AuthState, number>()

/** Which session a state belongs to, from 1; `0` for none. Children of `<SignedIn>` are keyed by it. */
export const epochOf = (state: AuthState): number => epochs.get(state) ?? 0

export const createSession = <TUser>(store: TokenStore): SessionMachine<TUser> => {
  let isRead = false
  let epoch = 0
  let session: Session<TUser> | null = null
  let controller = new AbortController()
  let state: AuthState<TUser> = { status: 'signed-out', user: null, token: null, reason: null }

  const enter = (next: Session<TUser>): void => {
    const { token, user } = next
    session = next
    state = { status: user === null ? 'restoring' : 'signed-in', user, token } as AuthState<TUser>
    epochs.set(state, next.epoch)
  }

  const begin = (token: string, user: TUser | null): void => {
    controller = new AbortController()
    epoch += 1
    enter({ epoch, token, user, signal: controller.signal })
  }

  const current = (): Session<TUser> | null => {
    if (!isRead) {
      isRead = true
      const stored = store.read()
      if (stored !== null) begin(stored, null)
    }
    return session
  }

  return {
    current,
    begin,

    getState: () => {
      current()
      return state
    },

    end: (reason) => {
      session = null
      // A replaced session is followed at once by the one that replaces it.
      state = { status: 'signed-out', user: null, token: null, reason: reason === 'replaced' ? null : reason }
      controller.abort(new SessionEndedError(reason))
    },

    confirm: (user) => {
      if (!session || session.user === user) return false
      enter({ ...session, user })
      return true
    },
  }
}
