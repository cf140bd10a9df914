import { attempt } from './attempt.ts'
import type { AuthClientOptions } from './AuthClientOptions.ts'
import type { SessionEndReason } from './AuthState.ts'
import { clearWebStorage } from './clearWebStorage.ts'
import type { PersistedCopyKeeper } from './createPersistedCopy.ts'
import type { PrivateMutations } from './createPrivateMutations.ts'
import type { PrivateQueries } from './createPrivateQueries.ts'
import type { TokenStore } from './createTokenStore.ts'
import type { UserQuery } from './createUserQuery.ts'
import { deliverTogether, type Scheduler } from './deliverTogether.ts'
import type { Session, SessionMachine } from './session.ts'

export interface TransitionOptions<TUser> extends Pick<
  AuthClientOptions<TUser>,
  'clearStorage' | 'keepStorage' | 'onSignOut'
> {
  scheduler: Scheduler
  session: SessionMachine<TUser>
  store: TokenStore
  userQuery: UserQuery<TUser>
  queries: PrivateQueries
  mutations: PrivateMutations
  persisted: PersistedCopyKeeper
  /** Tells the subscribers of the auth state. */
  notify: () => void
}

/** The session that is to follow; `user` is `null` where its token has yet to be checked. */
export interface NextSession<TUser> {
  token: string
  user: TUser | null
}

/**
 * Carries an event of the session to everything that knows the user, synchronously and in the order of the contract:
 * session, requests, storage, caches, React. Other tabs and the server are the caller's to tell.
 */
export type Transition<TUser> = (reason: SessionEndReason, next?: NextSession<TUser>) => void

export const createTransition = <TUser>(context: TransitionOptions<TUser>): Transition<TUser> => {
  const { session, store, userQuery, queries, mutations, persisted } = context
  const { clearStorage, keepStorage = [], onSignOut } = context

  /** Returns the token that another tab has put into the storage meanwhile: it is left alone. */
  const empty = ({ token }: Session<TUser>): string | null => {
    const stored = store.read()
    const isOwn = stored === null || stored === token
    if (isOwn) store.write(null)
    if (clearStorage !== 'token') {
      if (isOwn) clearWebStorage('local', keepStorage)
      clearWebStorage('session', keepStorage)
    }
    return isOwn ? null : stored
  }

  const change = (reason: SessionEndReason, next?: NextSession<TUser>): void => {
    const ended = session.current()
    let following = next
    if (ended) {
      userQuery.release()
      session.end(reason)
      const foreign = empty(ended)
      if (foreign !== null) following ??= { token: foreign, user: null }
      mutations.forget(reason)
      const { user } = ended
      // React commits what it is told in a microtask, or when its event handler returns.
      setTimeout(() => attempt('onSignOut', () => onSignOut?.({ reason, user })))
    }
    queries.forget()
    if (ended) persisted.forget()
    if (!following) return

    mutations.forgetLogouts()
    const { token, user } = following
    if (store.read() !== token) store.write(token)
    session.begin(token, user)
    queries.wake()
    userQuery.observe(user)
  }

  return (reason, next) => deliverTogether(context.scheduler, () => change(reason, next), context.notify)
}
