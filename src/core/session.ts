import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { AuthState, SessionEndReason, SignOutReason } from './AuthState.ts'
import type { Store } from './createStore.ts'

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
 * Leaving a session aborts its signal with a `SessionEndedError`, and every write that follows an `await` first asks
 * that signal. A login under way is no state of the session but an attempt beside it (`createLogin.ts`): outdated by any
 * later login or logout, in this tab or another; never by the rejection of the token that it is about to replace. The
 * storage is what the tabs have in common (`createStore.ts`); what they tell each other (`createTabs.ts`) says when and
 * why it changed.
 */

export interface SessionMachine<TUser> {
  /** Who is signed in: the same object until something changes. The first call reads the storage. */
  getState: () => AuthState<TUser>
  /** Aborted with a `SessionEndedError` when the session that is on ends. */
  getSignal: () => AbortSignal
  begin: (token: string, user: TUser | null) => void
  end: (reason: SessionEndReason) => void
  /** The user query has answered for the session that is on. Returns whether that changed anything. */
  confirm: (user: TUser) => boolean
}

const epochs = new WeakMap<AuthState, number>()

/** Which session a state belongs to, counted from 1. */
export const epochOf = (state: AuthState): number | undefined => epochs.get(state)

/** The epoch while somebody is signed in, else the status: neither user nor token, for whoever may keep it too long. */
export const keyOf = (state: AuthState): number | string | undefined =>
  state.status === 'signed-in' ? epochOf(state) : state.status

export const createSession = <TUser>(store: Store): SessionMachine<TUser> => {
  let epoch = 0
  let controller = new AbortController()
  let state: AuthState<TUser> | undefined

  const enter = (token: string, user: TUser | null): void => {
    state = { status: user === null ? 'restoring' : 'signed-in', user, token } as AuthState<TUser>
    epochs.set(state, epoch)
  }

  const begin = (token: string, user: TUser | null): void => {
    epoch += 1
    enter(token, user)
  }

  const getState = (): AuthState<TUser> => {
    if (!state) {
      state = { status: 'signed-out', user: null, token: null, reason: null }
      const stored = store.read()
      if (stored !== null) begin(stored, null)
    }
    return state
  }

  return {
    getState,
    getSignal: () => controller.signal,
    begin,

    end: (reason) => {
      const ended = controller
      // An error holds on to what was on the stack where it was made: so nothing here holds on to the error.
      controller = new AbortController()
      // A replaced session is followed at once by the one that replaces it.
      state = { status: 'signed-out', user: null, token: null, reason: reason as SignOutReason }
      ended.abort(new SessionEndedError(reason))
    },

    confirm: (user) => {
      const { token, user: known } = getState()
      if (token === null || known === user) return false
      enter(token, user)
      return true
    },
  }
}
