import type { TokenStore } from '../browser/createTokenStore.ts'
import { fingerprint } from '../browser/fingerprint.ts'
import type { StoredSession } from '../browser/Tokens.ts'
import type { Tabs } from '../browser/createTabs.ts'
import { skipViewTransition } from '../browser/skipViewTransition.ts'
import type { CacheWatch } from '../cache/createCacheWatch.ts'
import type { PersistedCopyKeeper } from '../cache/createPersistedCopy.ts'
import type { PrivateMutations } from '../cache/createPrivateMutations.ts'
import type { PrivateQueries } from '../cache/createPrivateQueries.ts'
import type { UserQuery } from '../cache/createUserQuery.ts'
import { safely } from '../errors/safely.ts'
import type { SessionEndReason } from '../errors/SessionEndedError.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { Internals } from '../tanstack/createInternals.ts'
import { deliverTogether, type Scheduler } from '../tanstack/deliverTogether.ts'
import type { AuthClientOptions } from './AuthClientOptions.ts'
import type { Commit } from './createCommit.ts'
import type { EndedSessions } from './createEndedSessions.ts'

/** The session that follows. `user` is `null` if its token has not been checked yet. */
export interface NextSession<TUser> {
  tokens: StoredSession
  user: TUser | null
}

export interface SessionSwitch<TUser> {
  /** Does an act at once, or after the switch that is on: the app's own code and events may come in the middle of one. */
  after: (act: () => void) => void
  isOn: () => boolean
  /** The app's code asks for something: what it has asked for before, through mutations that have only begun, comes first. */
  open: () => void
  /** That is done, or the session has changed: without anybody who follows the client, nothing is left to watch. */
  close: () => void
  /**
   * Passes an event of the session on to everything that knows the user, synchronously and in a fixed order: session,
   * requests, storage, caches, React. The caller tells the other tabs and the server.
   */
  switch: (reason: SessionEndReason, next?: NextSession<TUser>) => void
  /**
   * The same in all tabs. The others leave it to this tab to revoke the token.
   *
   * @param by - When the user did what caused it, in milliseconds since 1970. Default: now.
   */
  end: (reason: SessionEndReason, next?: NextSession<TUser>, by?: number) => void
  /** The session goes on with other tokens. What it has, shows and asks stays. */
  renew: (tokens: StoredSession) => void
}

/** All that a switch changes, in no order. */
export interface SessionSwitchParts<TUser> {
  session: SessionMachine<TUser>
  store: TokenStore
  tabs: Tabs
  endedSessions: EndedSessions
  userQuery: UserQuery<TUser>
  queries: PrivateQueries
  mutations: PrivateMutations
  persisted: PersistedCopyKeeper
  cacheWatch: CacheWatch
  internals: Internals
  commit: Commit
  scheduler: Scheduler
}

export const createSessionSwitch = <TUser>(
  parts: SessionSwitchParts<TUser>,
  { clearStorage, onSignOut }: Pick<AuthClientOptions<TUser>, 'clearStorage' | 'onSignOut'>,
): SessionSwitch<TUser> => {
  const { session, store, tabs, userQuery, queries, mutations, persisted, internals } = parts

  const clear = (isOwn: boolean): void => {
    if (clearStorage === 'token') return
    if (isOwn) store.clear('local')
    store.clear('session')
  }

  /** Does each step even if another fails. Returns the session that another tab has stored meanwhile, which stays stored. */
  const leave = (reason: SessionEndReason): StoredSession | null => {
    const { user } = session.getState()
    const stored = store.read()
    const isOwn = stored === null || stored.number === session.getTokens()?.number

    safely(userQuery.forget)
    session.end(reason)
    if (isOwn) store.write(null)
    clear(isOwn)
    safely(skipViewTransition)
    internals.use(
      () => queries.forget(true),
      () => mutations.forget(reason),
    )
    if (persisted.forget()) session.mountAnew()
    // React commits in a microtask, or when its event handler returns. This is called afterwards.
    setTimeout(() => safely(() => onSignOut?.({ reason, user })))
    return isOwn ? null : stored
  }

  const enter = ({ tokens, user }: NextSession<TUser>): void => {
    internals.use(() => {
      // Otherwise a fetch from before the session could go on, and its answer would be shown in the session. And what
      // late code of the last one has called would be shown or sent in it.
      queries.forget(false)
      mutations.forgetLogouts()
      mutations.forget('replaced')
    })
    if (store.read()?.token !== tokens.token) store.write(tokens)
    session.begin(tokens, user)
    internals.use(() => queries.wake(parts.commit.after))
    safely(() => userQuery.observe(user))
  }

  const change = (reason: SessionEndReason, next?: NextSession<TUser>): void => {
    const isReplaced = !session.isCurrent(null) || (reason === 'logout' && store.isUnread())
    const foreign = isReplaced ? leave(reason) : null
    if (isReplaced) {
      parts.commit.hold(reason, () => {
        // The cleanup of a component may have stored a draft. What another tab has stored with a session of its own stays.
        const stored = store.read()
        clear(!foreign && (stored === null || stored.number === session.getTokens()?.number))
      })
    }
    const following = next ?? (foreign && { tokens: foreign, user: null })
    if (!following) {
      if (internals.isSound()) safely(() => queries.wake(parts.commit.after))
      return
    }
    enter(following)
  }

  const waiting = new Set<() => void>()
  let switches = 0

  const close = (): void =>
    mutations.afterOwn(() => {
      if (session.isCurrent(null)) parts.cacheWatch.release()
    })

  const carry: SessionSwitch<TUser>['switch'] = (reason, next) => {
    parts.cacheWatch.hold()
    switches += 1
    deliverTogether(parts.scheduler, () => change(reason, next), session)
    switches -= 1
    close()
    if (switches > 0) return
    for (const act of waiting) {
      waiting.delete(act)
      safely(act)
    }
  }

  return {
    isOn: () => switches > 0,
    open: parts.cacheWatch.hold,
    close,
    after: (act) => {
      waiting.add(act)
      if (switches > 0) return
      waiting.delete(act)
      act()
    },
    switch: carry,
    end: (reason, next, by) => {
      const { number, token } = session.getTokens() ?? {}
      const ended = number && token ? { number, token: fingerprint(token) } : {}
      parts.endedSessions.add(ended)
      const tell = (): void => tabs.post('end', by, ended)
      // Told before, so that no tab asks who ended the session. Told again after React has committed, for storages
      // without events: when what was written can be read.
      tell()
      carry(reason, next)
      void (store.load() ?? Promise.resolve()).then(tell)
    },
    renew: (tokens) => {
      const stored = store.read()
      if (stored?.token !== tokens.token || stored.refreshToken !== tokens.refreshToken) store.write(tokens)
      session.renew(tokens)
      session.notify()
    },
  }
}
