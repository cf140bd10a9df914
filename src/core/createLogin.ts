import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { AuthSession } from './AuthClient.ts'
import type { SessionEndReason } from './AuthState.ts'
import type { Reader } from './createReader.ts'
import type { Revoke } from './createRevocation.ts'
import type { Send } from './createSender.ts'
import type { Tabs } from './createTabs.ts'
import { isToken, type Store } from './createStore.ts'
import type { Transition } from './createTransition.ts'
import type { UserQuery } from './createUserQuery.ts'
import type { SessionMachine } from './session.ts'

export interface LoginOptions<TUser> {
  send: Send
  reader: Reader<TUser>
  session: SessionMachine<TUser>
  store: Store
  tabs: Tabs
  userQuery: UserQuery<TUser>
  transition: Transition<TUser>
  revoke: Revoke
  /** Takes over what another tab has put into the storage. */
  synchronize: () => void
}

export interface Login<TUser> {
  signIn: (name: 'login' | 'register', json: unknown) => Promise<AuthSession<TUser>>
  setSession: (session: AuthSession<TUser>) => void
  /** The user has done something newer in this tab: a login under way is outdated. */
  outdate: (reason: SessionEndReason) => void
  /** The user has called for a login in another tab, or logged out there: that counts once it shows in the storage. */
  hear: () => void
}

interface Attempt {
  outdatedBy?: SessionEndReason
  heard?: true
}

/** Begins sessions. Of several logins under way the last called wins, and a logout outdates them all. */
export const createLogin = <TUser>(context: LoginOptions<TUser>): Login<TUser> => {
  const { session, store, userQuery, revoke } = context
  let latest: Attempt = {}

  const outdate = (reason: SessionEndReason): void => {
    latest.outdatedBy ??= reason
  }

  /** A session that is on gives way, and its token must not live on. */
  const begin = (next: AuthSession<TUser>): void => {
    context.synchronize()
    const { token } = session.getState()
    context.transition('replaced', next)
    if (token !== null && token !== next.token) void revoke(token)
  }

  return {
    outdate,
    hear: () => {
      latest.heard = true
    },

    signIn: async (name, json) => {
      outdate('replaced')
      const attempt: Attempt = (latest = {})
      const stored = store.read()
      context.tabs.post()

      const read = await context.reader.readSession(await context.send(name, { json: json as object }))
      const { token } = read
      // Some APIs hand out nothing but a token, which is not kept where its user remains unknown.
      const user =
        read.user ??
        (await userQuery.request(token).catch((error: unknown) => {
          void revoke(token)
          throw error
        }))

      const reason = attempt.outdatedBy ?? (attempt.heard && store.read() !== stored ? 'elsewhere' : null)
      if (reason !== null) {
        if (session.getState().token !== token) void revoke(token)
        throw new SessionEndedError(reason)
      }
      begin({ token, user })
      return { user, token }
    },

    setSession: ({ token, user }) => {
      if (!isToken(token)) throw new TypeError('setSession() needs a token')
      outdate('replaced')
      begin({ token, user })
    },
  }
}
