import { safely } from '../errors/safely.ts'
import { type SessionEndReason, SessionEndedError, type SignOutReason } from '../errors/SessionEndedError.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import type { TokenStore } from '../browser/createTokenStore.ts'
import type { AuthState } from './AuthState.ts'

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

export interface SessionMachine<TUser> {
  /** Who is signed in: the same object until something changes. The first call reads the storage. */
  getState: () => AuthState<TUser>
  /** Calls the listener after each change of the state. Returns a function that stops that. */
  subscribe: (listener: () => void) => () => void
  /** Calls the listeners. */
  notify: () => void
  getScope: () => SessionScope
  /** Whether a token belongs to the session that is on; `null`: whether nobody is signed in. */
  isCurrent: (token: string | null) => boolean
  begin: (token: string, user: TUser | null) => void
  end: (reason: SessionEndReason) => void
  /** The user query has answered for the session that is on. Returns whether that changed anything. */
  confirm: (user: TUser) => boolean
  /** The API has refused a token. If it is the current token, the session ends. */
  reject: (token: string) => void
  /** Sets the function that ends the session when its token is refused. */
  onReject: (end: () => void) => void
  /** Mounts everything on screen anew, because what it shows cannot be taken back otherwise. */
  mountAnew: () => void
}

/** Reads a part of the state that is on: another function for each user and each token. */
export type Read<TValue> = () => TValue

/**
 * Tells states apart without the user or the token in it. React may keep it too long: it keeps what a mounted component
 * rendered last, and the time before.
 */
export interface StateMark {
  /** Which session it is, counted from 1. */
  readonly epoch: number
  /** The epoch while somebody is signed in, else the status. */
  readonly key: number | AuthState['status']
  readonly user: Read<unknown>
  readonly token: Read<string | null>
  /** How often everything on screen had to be mounted anew. */
  readonly mount: number
}

const marks = new WeakMap<AuthState, StateMark>()

const readNobody = (): null => null
const serverMark: StateMark = { epoch: 0, key: 'restoring', user: readNobody, token: readNobody, mount: 0 }

export const markOf = (state: AuthState): StateMark => marks.get(state) ?? serverMark

/** Of all clients: `<AuthProvider>` may be given another one. */
let lastEpoch = 0

const createNobody = (): SessionScope => {
  const controller = new AbortController()
  controller.abort(new SignedOutError())
  return { signal: controller.signal, getToken: () => null }
}

export const createSession = <TUser>(store: TokenStore): SessionMachine<TUser> => {
  const listeners = new Set<() => void>()
  const nobody = createNobody()
  let epoch = 0
  let mount = 0
  let scope = nobody
  let controller: AbortController | undefined
  let state: AuthState<TUser> | undefined
  let endRejected: (() => void) | undefined

  // Made where neither user nor token is in reach: React keeps these, and so all that they could reach.
  const createReadUser = (): Read<TUser | null> => () => getState().user
  const createReadToken = (): Read<string | null> => () => getState().token

  const enter = (next: AuthState<TUser>): void => {
    const { status } = next
    const known = state ? markOf(state) : serverMark
    const choose = <TValue>(
      part: 'user' | 'token',
      same: Read<TValue>,
      other: Read<TValue>,
    ): Read<TValue | null> => {
      if (next[part] === null) return readNobody
      return state?.[part] === next[part] ? same : other
    }
    marks.set(next, {
      epoch,
      key: status === 'signed-in' ? epoch : status,
      user: choose('user', known.user, createReadUser()),
      token: choose('token', known.token, createReadToken()),
      mount,
    })
    state = next
  }

  const enterSession = (token: string, user: TUser | null): void =>
    enter({ status: user === null ? 'restoring' : 'signed-in', user, token } as AuthState<TUser>)

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
    if (!state) {
      enter({ status: 'signed-out', user: null, token: null, reason: null })
      const stored = store.read()
      if (stored !== null) begin(stored, null)
    }
    return state as AuthState<TUser>
  }

  const isCurrent = (token: string | null): boolean => getState().token === token

  return {
    getState,
    isCurrent,
    begin,

    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    notify: () => listeners.forEach((listener) => safely(listener)),

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
      enterSession(token, user)
      return true
    },

    reject: (token) => {
      if (isCurrent(token)) endRejected?.()
    },

    onReject: (end) => {
      endRejected = end
    },

    mountAnew: () => {
      mount += 1
      marks.set(getState(), { ...markOf(getState()), mount })
    },
  }
}
