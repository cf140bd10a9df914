import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { AuthSession } from './AuthClient.ts'
import type { SessionEndReason } from './AuthState.ts'
import type { OwnCall } from './createPrivateMutations.ts'
import type { Reader } from './createReader.ts'
import type { Send } from './createSender.ts'
import type { TabMessage, Tabs } from './createTabs.ts'
import { isToken, type Store } from './createStore.ts'
import type { End, Transition } from './createTransition.ts'
import type { UserQuery } from './createUserQuery.ts'
import { epochOf, type SessionMachine } from './session.ts'

export interface LoginOptions<TUser> {
  send: Send
  reader: Reader<TUser>
  session: SessionMachine<TUser>
  store: Store
  tabs: Tabs
  userQuery: UserQuery<TUser>
  transition: Transition<TUser>
  /** Revokes a token that nobody asks about, unless it is the current one. */
  discard: (token: string) => void
  /** Ends the session here and in the other tabs. */
  end: End<TUser>
  /** Takes over what another tab has put into the storage. */
  synchronize: () => void
}

/** The user's wish to be logged in: one call with its retries. */
interface Attempt {
  /** When it was called for. Messages from other tabs come late: only a newer act outdates it. */
  at: number
  /** The token that was stored then. */
  stored: string | null
  /** A request of it is under way. */
  isSent?: boolean
  outdatedBy?: SessionEndReason
  /** The user has called for another login in another tab. */
  isFollowed?: true
  /** The session that was on has ended in another tab: by something newer, as long as nobody says otherwise. */
  isOrphaned?: boolean
  /** The session that it has begun, by its epoch, and when. */
  begun?: number | undefined
  begunAt?: number
}

type Method = 'login' | 'register'

export interface Login<TUser> {
  signIn: (name: Method, json: unknown) => Promise<AuthSession<TUser>>
  /** The call of a mutation. */
  call: (name: Method) => OwnCall
  setSession: (session: AuthSession<TUser>) => void
  /** The user has done something newer in this tab: a login under way is outdated. */
  outdate: (reason: SessionEndReason) => void
  /** The session that was on has ended in another tab. */
  orphan: () => void
  /** The user has logged out in another tab, or called for a login, which counts once it shows in the storage. */
  hear: (message: TabMessage) => void
}

/** Begins sessions. Of several logins under way the last called wins, and a logout outdates them all. */
export const createLogin = <TUser>(context: LoginOptions<TUser>): Login<TUser> => {
  const { session, store, discard } = context
  let latest: Attempt = { at: 0, stored: null }

  const outdate = (reason: SessionEndReason): void => {
    latest.outdatedBy ??= reason
    latest.stored = null
  }

  const start = (): Attempt => {
    outdate('replaced')
    latest = { at: Date.now(), stored: store.read() }
    context.tabs.post('login')
    return latest
  }

  const checkLatest = (attempt: Attempt): void => {
    context.synchronize()
    const isReplaced = attempt.isFollowed && store.read() !== attempt.stored
    const reason = attempt.outdatedBy ?? (isReplaced || attempt.isOrphaned ? 'elsewhere' : null)
    if (reason) throw new SessionEndedError(reason)
  }

  /** A session that is on gives way, and its token must not live on. */
  const begin = (next: AuthSession<TUser>): void => {
    const { token } = session.getState()
    if (token === null || token === next.token) return context.transition('replaced', next)
    context.end('replaced', next)
    discard(token)
  }

  const run = async (name: Method, json: unknown, attempt: Attempt): Promise<AuthSession<TUser>> => {
    // A mutation that tries again, or has waited, is no newer act than its call.
    if (attempt.isSent === false || (attempt.outdatedBy ?? 'replaced') !== 'replaced') checkLatest(attempt)
    attempt.isSent = true
    try {
      const answer = await context.send(name, { json: json as object })
      const { token, readUser } = context.reader.readSession(answer)
      try {
        // Some APIs hand out nothing but a token.
        const user = await (readUser?.() ?? context.userQuery.request(token))
        checkLatest(attempt)
        begin({ token, user })
        Object.assign(attempt, { begun: epochOf(session.getState()), begunAt: Date.now(), stored: null })
        return { user, token }
      } catch (error) {
        // A token is not kept where its user remains unknown.
        discard(token)
        throw error
      }
    } finally {
      attempt.isSent = false
    }
  }

  return {
    outdate,
    signIn: (name, json) => run(name, json, start()),

    call: (name) => {
      let attempt: Attempt
      return {
        start: () => {
          attempt = start()
        },
        run: (json) => run(name, json, attempt),
        // From its session's beginning on, a login comes too late to be one.
        isKept: (isPending) =>
          isPending && !attempt.begun && (attempt.isSent === true || !attempt.outdatedBy),
      }
    },

    orphan: () => {
      latest.isOrphaned = true
    },

    hear: ({ act, at, by = at }) => {
      if (act === 'end' && by < latest.at) latest.isOrphaned = false
      const { begunAt = 0, begun } = latest
      const { token } = session.getState()
      if (at < latest.at) return
      if (act === 'login') latest.isFollowed = true
      if (act !== 'logout') return
      outdate('elsewhere')
      // Heard too late: meanwhile the answer has come in.
      if (token && at <= begunAt && begun === epochOf(session.getState())) {
        context.end('elsewhere', undefined, at)
        discard(token)
      }
    },

    setSession: ({ token, user }) => {
      if (!isToken(token)) throw new TypeError('setSession() needs a token')
      outdate('replaced')
      context.synchronize()
      begin({ token, user })
    },
  }
}
