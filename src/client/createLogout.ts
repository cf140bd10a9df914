import type { Tabs } from '../browser/createTabs.ts'
import type { OwnCalls } from '../cache/createPrivateMutations.ts'
import type { Parser } from '../http/createParser.ts'
import type { Revoker } from '../http/createRevocation.ts'
import { settleWithin } from '../http/settleWithin.ts'
import type { AuthState } from '../session/AuthState.ts'
import type { SessionMachine } from '../session/createSession.ts'
import type { LogoutResult } from './AuthClient.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'
import type { TabOrder } from './createTabOrder.ts'

export interface LogoutParts<TUser> {
  session: SessionMachine<TUser>
  sessionSwitch: SessionSwitch<TUser>
  order: TabOrder
  tabs: Tabs
  parser: Parser<TUser>
  revoke: Revoker['revoke']
  ownCalls: OwnCalls
  /** Reads the storage anew if nobody follows the client. */
  look: () => void
  /** Milliseconds. */
  timeout: number
}

/** Never rejects. The result says what the server said. */
export type Logout<TUser> = () => Promise<LogoutResult<TUser>>

/**
 * Ends the session: first here, in the caller's own tick, whatever the network does; then in the other tabs; then on the
 * server. A second call joins the logout that is under way.
 */
export const createLogout = <TUser>({
  session,
  sessionSwitch,
  order,
  tabs,
  parser,
  revoke,
  ownCalls,
  look,
  timeout,
}: LogoutParts<TUser>): Logout<TUser> => {
  let underway: { promise: Promise<LogoutResult<TUser>>; state: AuthState<TUser> } | undefined

  const finish = async (user: TUser | null, token: string): Promise<LogoutResult<TUser>> => {
    // React commits in a microtask that is already waiting. The request is made after it, so it does not delay the screen.
    await Promise.resolve()
    const since = performance.now()
    const { body, ...answer } = await revoke(token)
    const confirmed = { user, token, ...answer }
    if (answer.error) return confirmed
    try {
      const read = parser.readSession({ ...answer, body })
      const readUser = read.readUser?.() ?? Promise.resolve(user)
      const left = timeout - (performance.now() - since)
      return { ...confirmed, user: await settleWithin(left, readUser), token: read.token }
    } catch {
      // An answer of another shape confirms the logout too.
      return confirmed
    }
  }

  const end: Logout<TUser> = () => {
    sessionSwitch.open()
    // Whoever has logged in in another tab meanwhile.
    if (session.isCurrent(null)) look()
    order.outdate('logout')
    tabs.post('logout')
    const { user, token } = session.getState()
    if (token === null) {
      sessionSwitch.close()
      const nobody = { user: null, token: null, status: 0, statusText: '', error: null, revoked: true }
      // If nothing has happened since that logout, this call is for the same session.
      return underway?.state === session.getState() ? underway.promise : Promise.resolve(nobody)
    }
    sessionSwitch.end('logout')

    const own = { promise: finish(user, token), state: session.getState() }
    underway = own
    void own.promise.finally(() => {
      if (underway === own) underway = undefined
    })
    return own.promise
  }

  // Code of the app's may call it in the middle of a switch: then it ends the session that has begun.
  const logout: Logout<TUser> = () =>
    sessionSwitch.isOn() ? new Promise((resolve) => sessionSwitch.after(() => resolve(end()))) : end()

  ownCalls.set(logout, () => {
    let result: Promise<LogoutResult<TUser>>
    return {
      start: () => {
        result = logout()
      },
      run: () => result,
      isKept: () => true,
    }
  })
  return logout
}
