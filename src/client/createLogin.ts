import { isToken } from '../browser/createTokenStore.ts'
import type { Tabs } from '../browser/createTabs.ts'
import type { OwnCalls, PrivateMutations } from '../cache/createPrivateMutations.ts'
import type { UserQuery } from '../cache/createUserQuery.ts'
import type { CallEndpoint } from '../http/createEndpointCaller.ts'
import type { Parser } from '../http/createParser.ts'
import type { SessionMachine } from '../session/createSession.ts'
import type { AuthSession } from './AuthClient.ts'
import type { Commit } from './createCommit.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'
import type { LoginAttempt, TabOrder } from './createTabOrder.ts'

export interface LoginParts<TUser> {
  session: SessionMachine<TUser>
  sessionSwitch: SessionSwitch<TUser>
  commit: Pick<Commit, 'whenReleased'>
  order: TabOrder
  callEndpoint: CallEndpoint
  parser: Parser<TUser>
  userQuery: UserQuery<TUser>
  tabs: Pick<Tabs, 'hint'>
  /** Revokes a token whose result nobody waits for, unless it is the current token. */
  revokeStray: (token: string) => void
  ownCalls: OwnCalls
  findCall: PrivateMutations['findCall']
}

export interface Login<TUser> {
  login: (credentials: unknown) => Promise<AuthSession<TUser>>
  register: (details: unknown) => Promise<AuthSession<TUser>>
  setSession: (session: AuthSession<TUser>) => void
}

/** Begins sessions. Of several logins under way, the last called that succeeds wins. A logout outdates them all. */
export const createLogin = <TUser>({
  session,
  sessionSwitch,
  commit,
  order,
  callEndpoint,
  parser,
  userQuery,
  tabs,
  revokeStray,
  ownCalls,
  findCall,
}: LoginParts<TUser>): Login<TUser> => {
  /** The attempts that have sent a request, and whether that is still under way. */
  const sent = new WeakMap<LoginAttempt, boolean>()

  /** If a session is on, it is replaced, and its token is revoked. */
  const begin = (next: AuthSession<TUser>): void => {
    const { token } = session.getState()
    if (token === null || session.isCurrent(next.token)) {
      sessionSwitch.switch('replaced', next)
      return tabs.hint()
    }
    sessionSwitch.end('replaced', next)
    revokeStray(token)
  }

  const run = async (
    name: 'login' | 'register',
    json: unknown,
    attempt: LoginAttempt,
  ): Promise<AuthSession<TUser>> => {
    // A mutation that tries again, or that has waited, is as old as its call.
    if (sent.has(attempt) || attempt.outdatedBy) order.check(attempt)
    sent.set(attempt, true)
    try {
      const answer = await callEndpoint(name, { json: json as object })
      const { token, readUser } = parser.readSession(answer)
      try {
        // Some APIs return only a token.
        const user = await (readUser?.() ?? userQuery.request(token))
        order.check(attempt)
        begin({ token, user })
        order.settle(attempt)
        // Whoever waits for the login may speak for its session at once.
        await commit.whenReleased()
        return { user, token }
      } catch (error) {
        // If the user remains unknown, the token is not kept.
        revokeStray(token)
        throw error
      }
    } finally {
      sent.set(attempt, false)
      sessionSwitch.close()
    }
  }

  const createMethod = (name: 'login' | 'register'): Login<TUser>['login'] => {
    const method = (json: unknown): Promise<AuthSession<TUser>> => {
      const call = findCall(method, json, sessionSwitch.open)
      return call ? (call.run(json) as Promise<AuthSession<TUser>>) : run(name, json, order.startLogin())
    }
    ownCalls.set(method, () => {
      let attempt: LoginAttempt
      return {
        start: () => {
          attempt = order.startLogin()
        },
        run: (json) => run(name, json, attempt),
        // Once its session has begun, the mutation is no login under way any more.
        isKept: (isPending) =>
          isPending && !attempt.begun && (sent.get(attempt) === true || !attempt.outdatedBy),
      }
    })
    return method
  }

  return {
    login: createMethod('login'),
    register: createMethod('register'),

    setSession: ({ token, user }) => {
      if (!isToken(token)) throw new TypeError('setSession() needs a token')
      sessionSwitch.open()
      order.outdate('replaced')
      order.synchronize()
      begin({ token, user })
    },
  }
}
