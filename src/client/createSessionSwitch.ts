import type { TokenStore } from '../browser/createTokenStore.ts'
import type { Tabs } from '../browser/createTabs.ts'
import type { CacheWatch } from '../cache/createCacheWatch.ts'
import type { PersistedCopyKeeper } from '../cache/createPersistedCopy.ts'
import type { PrivateMutations } from '../cache/createPrivateMutations.ts'
import type { PrivateQueries } from '../cache/createPrivateQueries.ts'
import type { UserQuery } from '../cache/createUserQuery.ts'
import { safely } from '../errors/safely.ts'
import type { SessionEndReason } from '../errors/SessionEndedError.ts'
import type { SessionMachine } from '../session/createSession.ts'
import type { Internals } from '../tanstack/createInternals.ts'
import { deliverTogether, type Scheduler } from '../tanstack/deliverTogether.ts'
import type { AuthClientOptions } from './AuthClientOptions.ts'

/** The session that is to follow; `user` is `null` where its token has yet to be checked. */
export interface NextSession<TUser> {
  token: string
  user: TUser | null
}

export interface SessionSwitch<TUser> {
  /**
   * Carries an event of the session to everything that knows the user, synchronously and in the order of the contract:
   * session, requests, storage, caches, React. Other tabs and the server are the caller's to tell.
   */
  switch: (reason: SessionEndReason, next?: NextSession<TUser>) => void
  /**
   * The same in all tabs: the others leave the token to this one.
   *
   * @param by - When the user did what it comes of, in milliseconds since the epoch. Default: now.
   */
  end: (reason: SessionEndReason, next?: NextSession<TUser>, by?: number) => void
}

/** What a switch goes through, in no order. */
export interface SessionSwitchParts<TUser> {
  session: SessionMachine<TUser>
  store: TokenStore
  tabs: Tabs
  userQuery: UserQuery<TUser>
  queries: PrivateQueries
  mutations: PrivateMutations
  persisted: PersistedCopyKeeper
  cacheWatch: CacheWatch
  internals: Internals
  scheduler: Scheduler
}

export const createSessionSwitch = <TUser>(
  parts: SessionSwitchParts<TUser>,
  { clearStorage, onSignOut }: Pick<AuthClientOptions<TUser>, 'clearStorage' | 'onSignOut'>,
): SessionSwitch<TUser> => {
  const { session, store, tabs, userQuery, queries, mutations, persisted, internals } = parts

  /** Each step is done although another fails. Returns the token that another tab has stored meanwhile: it is left alone. */
  const leave = (reason: SessionEndReason): string | null => {
    const { user, token } = session.getState()
    const stored = store.read()
    const isOwn = stored === null || stored === token

    safely(userQuery.forget)
    session.end(reason)
    if (isOwn) store.write(null)
    if (clearStorage !== 'token') {
      if (isOwn) store.clear('local')
      store.clear('session')
    }
    internals.use(queries.forget, () => mutations.forget(reason))
    persisted.forget()
    // React commits what it is told in a microtask, or when its event handler returns.
    setTimeout(() => safely(() => onSignOut?.({ reason, user })))
    return isOwn ? null : stored
  }

  const enter = ({ token, user }: NextSession<TUser>): void => {
    internals.use(() => {
      // What was fetched by nobody would otherwise be joined, and its answer shown to somebody.
      queries.forget()
      mutations.forgetLogouts()
    })
    if (store.read() !== token) store.write(token)
    session.begin(token, user)
    internals.use(queries.wake)
    safely(() => userQuery.observe(user))
  }

  const change = (reason: SessionEndReason, next?: NextSession<TUser>): void => {
    const foreign = session.isCurrent(null) ? null : leave(reason)
    if (next) enter(next)
    else if (foreign !== null) enter({ token: foreign, user: null })
  }

  const carry: SessionSwitch<TUser>['switch'] = (reason, next) => {
    parts.cacheWatch.start()
    deliverTogether(parts.scheduler, () => change(reason, next), session.notify)
  }

  return {
    switch: carry,
    end: (reason, next, by) => {
      // Before, so that nobody asks who it was; and after, once React has committed, for storages that have no events.
      tabs.post('end', by)
      carry(reason, next)
      queueMicrotask(() => tabs.post('end', by))
    },
  }
}
