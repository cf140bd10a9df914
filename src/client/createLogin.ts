import { isToken, numberSession } from '../browser/createTokenStore.ts'
import type { Tabs } from '../browser/createTabs.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { OwnCalls, PrivateMutations } from '../cache/createPrivateMutations.ts'
import type { UserQuery } from '../cache/createUserQuery.ts'
import type { CallEndpoint } from '../http/createEndpointCaller.ts'
import { createLifetime } from '../http/createLifetime.ts'
import type { Parser } from '../http/createParser.ts'
import { stampTokens } from '../http/stampTokens.ts'
import type { SendFor } from '../http/createSessionHandles.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import { openScope } from '../session/SessionScope.ts'
import type { AuthSession } from './AuthClient.ts'
import type { Commit } from './createCommit.ts'
import type { Farewell } from './createFarewell.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'
import type { TabOrder } from './createTabOrder.ts'
import type { LoginAttempt } from './LoginAttempt.ts'
import type { LoginFunction, NewSession } from './LoginFunction.ts'

export interface LoginParts<TUser> {
  session: SessionMachine<TUser>
  sessionSwitch: SessionSwitch<TUser>
  commit: Pick<Commit, 'whenReleased'>
  order: TabOrder
  callEndpoint: CallEndpoint
  parser: Parser<TUser>
  userQuery: UserQuery<TUser>
  sendFor: SendFor
  tabs: Pick<Tabs, 'hint'>
  /** Revokes tokens whose result nobody waits for, unless they are the current ones. */
  revokeStray: (tokens: Tokens) => void
  farewell: Farewell<TUser>
  ownCalls: OwnCalls
  findCall: PrivateMutations['findCall']
}

export interface Login<TUser> {
  login: (credentials: unknown) => Promise<AuthSession<TUser>>
  register: (details: unknown) => Promise<AuthSession<TUser>>
  setSession: (session: NewSession<TUser> & { user: TUser }) => void
}

/** What a login has found: the tokens, and how to read the user where there is one. */
interface Found<TUser> {
  tokens: Tokens
  readUser?: () => TUser | Promise<TUser>
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
  sendFor,
  tabs,
  revokeStray,
  farewell,
  ownCalls,
  findCall,
}: LoginParts<TUser>): Login<TUser> => {
  /** The attempts that have sent a request, and whether that is still under way. */
  const sent = new WeakMap<LoginAttempt, boolean>()

  /** If a session is on, it is replaced, and its token is revoked. */
  const begin = (tokens: Tokens, user: TUser): void => {
    const replaced = session.getTokens()
    const { user: left } = session.getState()
    const next = { tokens: numberSession(tokens), user }
    if (!replaced || session.isCurrent(tokens.token)) {
      sessionSwitch.switch('replaced', next)
      return tabs.hint()
    }
    sessionSwitch.end('replaced', next)
    void farewell(replaced, left, 'replaced').then(revokeStray)
  }

  const readNew = (given: NewSession<TUser>, caller: string): Found<TUser> => {
    const { token, user, ...more } = Object(given) as NewSession<TUser>
    if (!isToken(token)) throw new TypeError(`${caller} needs a token`)
    const tokens = stampTokens({ token, ...more })
    return user ? { tokens, readUser: () => user } : { tokens }
  }

  /** An outdated attempt rejects at once, and what its function brings later is revoked. */
  const runOwn = (logIn: LoginFunction<TUser>, attempt: LoginAttempt): Promise<Found<TUser>> => {
    const { scope, end } = openScope()
    attempt.abort = end
    // What is under way outlives it, so that a token which comes late is read, and revoked.
    const { fetch } = sendFor(() => (scope.signal.aborted ? scope : openScope().scope))
    const found = (async () => readNew(await logIn({ signal: scope.signal, fetch }), 'login()'))()
    found.then(
      ({ tokens }) => scope.signal.aborted && revokeStray(tokens),
      () => {},
    )
    return createLifetime([scope]).hold(found)
  }

  const ask = async (name: 'login' | 'register', given: unknown): Promise<Found<TUser>> => {
    const answer = await callEndpoint(name, { credentials: given as object })
    return parser.readSession(answer, given)
  }

  const run = async (
    name: 'login' | 'register',
    given: unknown,
    attempt: LoginAttempt,
  ): Promise<AuthSession<TUser>> => {
    // A mutation that tries again, or that has waited, is as old as its call.
    if (sent.has(attempt) || attempt.outdatedBy) order.check(attempt)
    sent.set(attempt, true)
    try {
      const { tokens, readUser } =
        typeof given === 'function'
          ? await runOwn(given as LoginFunction<TUser>, attempt)
          : await ask(name, given)
      try {
        // Some APIs return only a token.
        const user = await (readUser?.() ?? userQuery.request(tokens))
        order.check(attempt)
        begin(tokens, user)
        order.settle(attempt)
        // Whoever waits for the login may speak for its session at once.
        await commit.whenReleased()
        return { user, token: tokens.token }
      } catch (error) {
        // If the user remains unknown, the token is not kept.
        revokeStray(tokens)
        throw error
      }
    } finally {
      sent.set(attempt, false)
      sessionSwitch.close()
    }
  }

  const createMethod = (name: 'login' | 'register'): Login<TUser>['login'] => {
    const method = (given: unknown): Promise<AuthSession<TUser>> => {
      const call = findCall(method, given, sessionSwitch.open)
      return call ? (call.run(given) as Promise<AuthSession<TUser>>) : run(name, given, order.startLogin())
    }
    ownCalls.set(method, () => {
      let attempt: LoginAttempt
      return {
        start: () => {
          attempt = order.startLogin()
        },
        run: (given) => run(name, given, attempt),
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

    setSession: (given) => {
      const { tokens } = readNew(given, 'setSession()')
      sessionSwitch.open()
      order.outdate('replaced')
      order.synchronize()
      begin(tokens, given.user)
    },
  }
}
