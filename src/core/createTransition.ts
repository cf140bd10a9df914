import { attempt } from './attempt.ts'
import type { AuthClientOptions } from './AuthClientOptions.ts'
import type { SessionEndReason } from './AuthState.ts'
import type { PersistedCopyKeeper } from './createPersistedCopy.ts'
import type { PrivateMutations } from './createPrivateMutations.ts'
import type { PrivateQueries } from './createPrivateQueries.ts'
import type { Store } from './createStore.ts'
import type { UserQuery } from './createUserQuery.ts'
import { deliverTogether, type Scheduler } from './deliverTogether.ts'
import type { SessionMachine } from './session.ts'

export interface TransitionOptions<TUser> extends Pick<
  AuthClientOptions<TUser>,
  'clearStorage' | 'onSignOut'
> {
  scheduler: Scheduler
  session: SessionMachine<TUser>
  store: Store
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

/**
 * The same in all tabs: the others leave the token to this one.
 *
 * @param by - When the user did what it comes of, in milliseconds since the epoch. Default: now.
 */
export type End<TUser> = (reason: SessionEndReason, next?: NextSession<TUser>, by?: number) => void

export const createTransition = <TUser>(context: TransitionOptions<TUser>): Transition<TUser> => {
  const { session, store, userQuery, queries, mutations } = context
  const { clearStorage, onSignOut } = context

  /** Returns the token that another tab has put into the storage meanwhile: that one is left alone. */
  const end = (reason: SessionEndReason): string | null => {
    const { user, token } = session.getState()
    const stored = store.read()
    const isOwn = stored === null || stored === token

    userQuery.forget()
    session.end(reason)
    if (isOwn) store.write(null)
    if (clearStorage !== 'token') {
      if (isOwn) store.clear('local')
      store.clear('session')
    }
    queries.forget()
    mutations.forget(reason)
    context.persisted.forget()
    // React commits what it is told in a microtask, or when its event handler returns.
    setTimeout(() => attempt(() => onSignOut?.({ reason, user })))
    return isOwn ? null : stored
  }

  const begin = ({ token, user }: NextSession<TUser>): void => {
    // What was fetched by nobody would otherwise be joined, and its answer shown to somebody.
    queries.forget()
    mutations.forgetLogouts()
    if (store.read() !== token) store.write(token)
    session.begin(token, user)
    queries.wake()
    userQuery.observe(user)
  }

  const change = (reason: SessionEndReason, next?: NextSession<TUser>): void => {
    const foreign = session.getState().token === null ? null : end(reason)
    if (next) begin(next)
    else if (foreign !== null) begin({ token: foreign, user: null })
  }

  return (reason, next) => deliverTogether(context.scheduler, () => change(reason, next), context.notify)
}
