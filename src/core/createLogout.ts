import type { LogoutResult } from './AuthClient.ts'
import type { AuthState, SessionEndReason } from './AuthState.ts'
import type { Reader } from './createReader.ts'
import type { Revoke } from './createRevocation.ts'
import type { SessionMachine } from './session.ts'

export interface LogoutOptions<TUser> {
  reader: Reader<TUser>
  session: SessionMachine<TUser>
  /** Ends the session here and in the other tabs. */
  end: (reason: SessionEndReason) => void
  revoke: Revoke
}

/** Never rejects: what the server said is in the result. */
export type Logout<TUser> = () => Promise<LogoutResult<TUser>>

/**
 * Ends the session: here, in the caller's own tick and whatever the network does; then in the other tabs; then on the
 * server. A second call joins the logout that is under way.
 */
export const createLogout = <TUser>({
  reader,
  session,
  end,
  revoke,
}: LogoutOptions<TUser>): Logout<TUser> => {
  let underway: { promise: Promise<LogoutResult<TUser>>; state: AuthState<TUser> } | undefined

  const finish = async (user: TUser | null, token: string): Promise<LogoutResult<TUser>> => {
    // React commits in a microtask that waits already: what it takes to make a request keeps nobody from seeing it.
    await Promise.resolve()
    const { body, ...answer } = await revoke(token)
    const confirmed = { user, token, ...answer }
    if (answer.error) return confirmed
    try {
      const read = reader.readSession({ ...answer, body })
      return { ...confirmed, user: (await read.readUser?.()) ?? user, token: read.token }
    } catch {
      // Any other JSON confirms it too.
      return confirmed
    }
  }

  return () => {
    const { user, token } = session.getState()
    if (token === null) {
      const nobody = { user: null, token: null, status: 0, statusText: '', error: null, revoked: true }
      // Nothing has happened since that logout: it is the same session's.
      return underway?.state === session.getState() ? underway.promise : Promise.resolve(nobody)
    }
    end('logout')

    const own = { promise: finish(user, token), state: session.getState() }
    underway = own
    void own.promise.finally(() => {
      if (underway === own) underway = undefined
    })
    return own.promise
  }
}
