import type { AuthError } from '../errors/AuthError.ts'
import { safely } from '../errors/safely.ts'
import { type SessionEndReason, SessionEndedError, type SignOutReason } from '../errors/SessionEndedError.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import type { TokenStore } from '../browser/createTokenStore.ts'
import { type AuthState, serverState } from './AuthState.ts'
import { hasSameId, type IsSameUser } from './isSameUser.ts'
import { markState, remarkState, type StateMark } from './StateMark.ts'

/*
 * The session is the only state machine of the package. It changes only itself: `createSessionSwitch.ts` passes its events
 * on to storage, caches and React.
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
 * A user query that brings somebody else (`isSameUser.ts`) replaces the session, as a login does.
 * The end of a session aborts its signal with a `SessionEndedError`. Every write after an `await` checks that signal first.
 * A login under way is not a state of the session but an attempt beside it (`createTabOrder.ts`). A later login or logout
 * outdates it, in this tab or another; the rejection of the token that it is about to replace does not. The tabs share the
 * storage (`createTokenStore.ts`); their messages (`createTabs.ts`) say when and why it changed.
 */

/** What belongs to one session for good, even after its end. While nobody is signed in, it belongs to nobody. */
export interface SessionScope {
  /** Aborted with a `SessionEndedError` when the session ends. Nobody's signal is aborted from the start. */
  readonly signal: AbortSignal
  /** The token while the session is on, else `null`. */
  readonly getToken: () => string | null
}

export interface SessionHandlers<TUser> {
  /** The API has refused the current token. */
  end: () => void
  /** The current token has become somebody else's: the account was switched on the server. */
  replace: (next: { token: string; user: TUser }) => void
}

export interface SessionMachine<TUser> {
  /** Who is signed in: the same object until something changes. The first call reads the storage. */
  getState: () => AuthState<TUser>
  /** Somebody looks: this is no server. */
  open: () => void
  /** Calls the listener after each change of the state. Returns a function that stops that. */
  subscribe: (listener: () => void) => () => void
  /** Calls the listeners. */
  notify: () => void
  getScope: () => SessionScope
  /** Whether a token belongs to the session that is on; `null`: whether nobody is signed in. */
  isCurrent: (token: string | null) => boolean
  begin: (token: string, user: TUser | null) => void
  end: (reason: SessionEndReason) => void
  /**
   * The user query has answered for the session that is on. Returns whether that changed anything. If it has brought
   * somebody else, the session is replaced.
   */
  confirm: (user: TUser) => boolean
  /** The API has refused a token. If it is the current token, the session ends. */
  reject: (token: string) => void
  /** Sets what the session cannot do alone. */
  handle: (handlers: SessionHandlers<TUser>) => void
  /** Mounts everything on screen anew, because what it shows cannot be taken back otherwise. */
  mountAnew: () => void
}

/** Of all clients: `<AuthProvider>` may be given another one. */
let lastEpoch = 0

/** Whoever asks in it is refused. */
export const createEndedScope = (error: AuthError): SessionScope => {
  const controller = new AbortController()
  controller.abort(error)
  return { signal: controller.signal, getToken: () => null }
}

export const createSession = <TUser>(
  store: TokenStore,
  isSameUser: IsSameUser<TUser> = hasSameId,
): SessionMachine<TUser> => {
  const listeners = new Set<() => void>()
  const nobody = createEndedScope(new SignedOutError())
  let epoch = 0
  let mount = 0
  let scope = nobody
  let controller: AbortController | undefined
  let state: AuthState<TUser> | undefined
  let handlers: SessionHandlers<TUser> | undefined

  // Other functions for each user and token, by which these are told apart. Made here, where neither is in reach: whoever
  // keeps a function, as React does, keeps all that it could reach.
  const createReaders = (): Pick<StateMark, 'user' | 'token'> => ({
    user: () => getState().user,
    token: () => getState().token,
  })

  const enter = (next: AuthState<TUser>): void => {
    markState(next, state, createReaders(), { epoch, mount })
    state = next
  }

  const enterSession = (token: string, user: TUser | null): void =>
    enter({ status: user === null ? 'restoring' : 'signed-in', user, token } as AuthState<TUser>)

  const enterNobody = (): void => enter({ status: 'signed-out', user: null, token: null, reason: null })

  const begin = (token: string, user: TUser | null): void => {
    // An event in the middle of a switch may have begun one already.
    controller?.abort(new SessionEndedError('replaced'))
    epoch = lastEpoch += 1
    controller = new AbortController()
    const own: SessionScope = {
      signal: controller.signal,
      getToken: () => (scope === own ? getState().token : null),
    }
    scope = own
    enterSession(token, user)
  }

  const getState = (): AuthState<TUser> => {
    if (!state && store.isServer()) state = serverState
    if (!state) {
      enterNobody()
      const stored = store.read()
      if (stored !== null) begin(stored, null)
    }
    return state as AuthState<TUser>
  }

  const isCurrent = (token: string | null): boolean => getState().token === token

  const notify = (): void => listeners.forEach((listener) => safely(listener))

  return {
    getState,
    isCurrent,
    begin,

    open: () => {
      if (getState() !== serverState) return
      enterNobody()
      notify()
    },

    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    notify,

    getScope: () => {
      getState()
      return scope
    },

    end: (reason) => {
      const ended = controller
      // An error keeps what was on the stack when it was made. So nothing here keeps the error.
      scope = nobody
      controller = undefined
      // A replaced session is followed at once by the one that replaces it.
      enter({ status: 'signed-out', user: null, token: null, reason: reason as SignOutReason })
      ended?.abort(new SessionEndedError(reason))
    },

    confirm: (user) => {
      const { token, user: known } = getState()
      if (token === null || known === user) return false
      if (known !== null && !isSameUser(known, user)) {
        handlers?.replace({ token, user })
        return false
      }
      enterSession(token, user)
      return true
    },

    reject: (token) => {
      if (isCurrent(token)) handlers?.end()
    },

    handle: (given) => {
      handlers = given
    },

    mountAnew: () => {
      mount += 1
      remarkState(getState(), mount)
    },
  }
}
