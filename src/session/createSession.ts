import { safely } from '../errors/safely.ts'
import { SessionEndedError, type SignOutReason } from '../errors/SessionEndedError.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import type { TokenStore } from '../browser/createTokenStore.ts'
import type { StoredSession } from '../browser/Tokens.ts'
import { type AuthState, serverState } from './AuthState.ts'
import type { IsSameUser } from './isSameUser.ts'
import type { SessionHandlers, SessionMachine } from './SessionMachine.ts'
import { createEndedScope, type OpenScope, openScope } from './SessionScope.ts'
import { markState, remarkState, type StateMark } from './StateMark.ts'

/*
 * The session is the only state machine of the package. It changes only itself: `createSessionSwitch.ts` passes its events
 * on to storage, caches and React.
 *
 * | event                          | loading (no token)  | signed-out          | restoring (token)       | signed-in (token, user)  |
 * | ------------------------------ | ------------------- | ------------------- | ----------------------- | ------------------------ |
 * | storage holds another token    | restoring, epoch +1 | restoring, epoch +1 | restoring it, epoch +1  | restoring it, epoch +1   |
 * | storage holds none             | signed-out          | -                   | signed-out (elsewhere)  | signed-out (elsewhere)   |
 * | storage cannot be read         | signed-out          | -                   | -                       | -                        |
 * | user query succeeds            | -                   | -                   | signed-in               | signed-in, new user      |
 * | API rejects the current token  | -                   | -                   | signed-out (rejected)   | signed-out (rejected)    |
 * | user query fails otherwise     | -                   | -                   | restoring, retried      | -                        |
 * | login, register, setSession    | signed-in, epoch +1 | signed-in, epoch +1 | signed-in, epoch +1     | signed-in, epoch +1      |
 * | renewSession, same user        | refused             | refused             | restoring, new token    | signed-in, new token     |
 * | storage holds its renewal      | -                   | -                   | restoring, new token    | signed-in, new token     |
 * | renewSession, another user     | refused             | refused             | signed-in, epoch +1     | signed-in, epoch +1      |
 * | logout                         | signed-out (logout) | -                   | signed-out (logout)     | signed-out (logout)      |
 *
 * Loading: the storage cannot be read at once (`TokenStorage.load`). What it shows is 'restoring'. A storage that cannot be
 * read yet is read again on focus; a token is then found while signed out.
 * A user query that brings somebody else (`isSameUser.ts`) replaces the session, as a login does. A renewal without a
 * user is taken for the same user's; one with a user, before the session's own is known, for another's. It keeps the epoch,
 * and with it the signal and all that is under way: only the token is another one. By the session's number, which stands
 * beside the token in the storage, other tabs tell it from a new session.
 * The end of a session aborts its signal with a `SessionEndedError`. Every write after an `await` checks that signal first.
 * A login under way is not a state of the session but an attempt beside it (`createTabOrder.ts`). A later login or logout
 * outdates it, in this tab or another; the rejection of the token that it is about to replace does not. The tabs share the
 * storage (`createTokenStore.ts`); their messages (`createTabs.ts`) say when and why it changed.
 */

/** Of all clients: `<AuthProvider>` may be given another one. */
let lastEpoch = 0

/** @param hasGuests - Whether whoever is not signed in may ask without a token. Default: they are refused. */
export const createSession = <TUser>(
  store: TokenStore,
  isSameUser: IsSameUser<TUser>,
  hasGuests = false,
): SessionMachine<TUser> => {
  const listeners = new Set<() => void>()
  let epoch = 0
  let mount = 0
  let tokens: StoredSession | null = null
  let state: AuthState<TUser> | undefined
  let handlers: SessionHandlers<TUser> | undefined

  const nobody: OpenScope = { scope: createEndedScope(new SignedOutError()), end: () => {} }
  const openNobodys = (): OpenScope => (hasGuests ? openScope() : nobody)
  let open = openNobodys()

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

  const begin = (next: StoredSession, user: TUser | null): void => {
    const before = open
    epoch = lastEpoch += 1
    const own = openScope(() => (open === own ? getState().token : null))
    open = own
    tokens = next
    enterSession(next.token, user)
    // A guest's. Or an event in the middle of a switch has begun a session already.
    before.end(new SessionEndedError('replaced'))
  }

  const getState = (): AuthState<TUser> => {
    if (!state && (store.isServer() || store.isUnread())) {
      state = serverState
      void whenKnown()
    }
    if (!state) {
      enterNobody()
      const stored = store.read()
      if (stored !== null) begin(stored, null)
    }
    return state as AuthState<TUser>
  }

  const whenKnown = (): Promise<void> | undefined =>
    getState() === serverState && store.isUnread() ? handlers?.load() : undefined

  const isCurrent = (token: string | null): boolean => getState().token === token

  const isAnother = (user: TUser): boolean => {
    const { user: known } = getState()
    return known !== null && known !== user && !isSameUser(known, user)
  }

  const notify = (): void => listeners.forEach((listener) => safely(listener))

  return {
    getState,
    whenKnown,
    isCurrent,
    isAnother,
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
      return open.scope
    },

    getTokens: () => {
      getState()
      return tokens
    },

    renew: (next) => {
      const { user, token } = getState()
      tokens = next
      if (token !== next.token) enterSession(next.token, user)
    },

    end: (reason) => {
      const ended = open
      open = openNobodys()
      tokens = null
      // A replaced session is followed at once by the one that replaces it.
      enter({ status: 'signed-out', user: null, token: null, reason: reason as SignOutReason })
      // An error keeps what was on the stack when it was made. So nothing here keeps the error.
      ended.end(new SessionEndedError(reason))
    },

    confirm: (user) => {
      const { user: known } = getState()
      if (tokens === null || known === user) return false
      if (isAnother(user)) {
        handlers?.replace({ tokens, user })
        return false
      }
      enterSession(tokens.token, user)
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
