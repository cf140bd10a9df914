import type { Tabs } from '../browser/createTabs.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { OwnCalls } from '../cache/createPrivateMutations.ts'
import type { RequestError } from '../errors/RequestError.ts'
import type { Parser } from '../http/createParser.ts'
import type { Revoker } from '../http/createRevocation.ts'
import { settleWithin } from '../http/settleWithin.ts'
import type { AuthState } from '../session/AuthState.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { LogoutOptions, LogoutResult } from './AuthClient.ts'
import type { Commit } from './createCommit.ts'
import type { Farewell } from './createFarewell.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'
import type { TabOrder } from './createTabOrder.ts'

export interface LogoutParts<TUser> {
  session: SessionMachine<TUser>
  sessionSwitch: SessionSwitch<TUser>
  order: TabOrder
  tabs: Tabs
  commit: Pick<Commit, 'whenReleased'>
  parser: Parser<TUser>
  revoke: Revoker['revoke']
  farewell: Farewell<TUser>
  /** Whether it is not known yet what is stored. */
  isUnread: () => boolean
  /** Whether a revocation may take longer than one request. */
  isLong: boolean
  ownCalls: OwnCalls
  /** Whether the API can end all sessions of a user. */
  canEndAll: boolean
  /** Reads the storage anew if nobody follows the client. */
  look: () => void
  /** Milliseconds. */
  timeout: number
}

/** Never rejects. The result says what the server said. */
export type Logout<TUser> = (options?: LogoutOptions | void) => Promise<LogoutResult<TUser>>

/** Milliseconds. The request itself has the same limit, and its failure says more. So that may come first. */
const tolerance = 50

/** An `onClick` may give it an event. */
const isEverywhere = (options: LogoutOptions | void): boolean =>
  (Object(options) as LogoutOptions).everywhere === true

/**
 * Ends the session: first here, in the caller's own tick, whatever the network does; then in the other tabs; then on the
 * server. A second call joins the logout that is under way.
 */
export const createLogout = <TUser>({
  session,
  sessionSwitch,
  order,
  tabs,
  commit,
  parser,
  revoke,
  farewell,
  isUnread,
  isLong,
  ownCalls,
  canEndAll,
  look,
  timeout,
}: LogoutParts<TUser>): Logout<TUser> => {
  let underway: { promise: Promise<LogoutResult<TUser>>; state: AuthState<TUser> } | undefined

  const finish = async (
    user: TUser | null,
    token: string,
    leaving: Promise<Tokens>,
    isEverywhere: boolean,
  ): Promise<LogoutResult<TUser>> => {
    const since = performance.now()
    // React commits in a microtask that is already waiting. The request is made after it, so it does not delay the screen.
    const { answer, ...said } = await revoke(await leaving, isEverywhere)
    const confirmed = { user, token, ...said }
    if (!answer) return confirmed
    try {
      const read = parser.readSession(answer)
      const readUser = read.readUser?.() ?? Promise.resolve(user)
      const left = timeout - (performance.now() - since)
      return { ...confirmed, user: await settleWithin(left, readUser), token: read.tokens.token }
    } catch {
      // An answer of another shape confirms the logout too.
      return confirmed
    }
  }

  /** What takes longer goes on: the tokens are revoked all the same. */
  const finishInTime = (
    user: TUser | null,
    tokens: Tokens,
    isEverywhere: boolean,
  ): Promise<LogoutResult<TUser>> => {
    const { token } = tokens
    const finished = finish(user, token, farewell(tokens, user, 'logout'), isEverywhere)
    if (!isLong) return finished
    return settleWithin(timeout + tolerance, finished).catch((error: RequestError) => ({
      user,
      token,
      status: 0,
      statusText: '',
      error,
      revoked: false,
    }))
  }

  const end: Logout<TUser> = (options) => {
    sessionSwitch.open()
    // Whoever has logged in in another tab meanwhile.
    if (session.isCurrent(null)) look()
    order.outdate('logout')
    tabs.post('logout')
    // Another tab may have gone on with another token, which is the one to revoke.
    order.adoptRenewal()
    const { user } = session.getState()
    const tokens = session.getTokens()
    if (!tokens) {
      // What is stored is removed unseen. Once it has been read, it is revoked.
      const revoked = !isUnread()
      if (!revoked) sessionSwitch.end('logout')
      sessionSwitch.close()
      const nobody = { user: null, token: null, status: 0, statusText: '', error: null, revoked }
      // If nothing has happened since that logout, this call is for the same session.
      return underway?.state === session.getState() ? underway.promise : Promise.resolve(nobody)
    }
    sessionSwitch.end('logout')

    // Whoever waits for the logout may begin the next session at once, and speak for it.
    const promise = finishInTime(user, tokens, isEverywhere(options)).then(async (result) => {
      await commit.whenReleased()
      return result
    })
    const own = { promise, state: session.getState() }
    underway = own
    void own.promise.finally(() => {
      if (underway === own) underway = undefined
    })
    return own.promise
  }

  // Code of the app's may call it in the middle of a switch: then it ends the session that has begun.
  const logout: Logout<TUser> = (options) => {
    if (isEverywhere(options) && !canEndAll)
      throw new TypeError('logout({ everywhere: true }) needs endpoints.logoutEverywhere')
    return sessionSwitch.isOn()
      ? new Promise((resolve) => sessionSwitch.after(() => resolve(end(options))))
      : end(options)
  }

  ownCalls.set(logout, () => {
    let result: Promise<LogoutResult<TUser>>
    return {
      start: (options) => {
        result = (async () => logout(options as LogoutOptions))()
        // Whoever awaits the mutation hears of it.
        result.catch(() => {})
      },
      run: () => result,
      isKept: () => true,
    }
  })
  return logout
}
