import { isToken } from '../browser/createTokenStore.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { UserQuery } from '../cache/createUserQuery.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import { stampTokens } from '../http/stampTokens.ts'
import type { IsSameUser } from '../session/isSameUser.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { Commit } from './createCommit.ts'
import type { Login } from './createLogin.ts'
import type { SessionSwitch } from './createSessionSwitch.ts'
import type { TabOrder } from './createTabOrder.ts'
import type { NewSession } from './LoginFunction.ts'

export interface RenewalParts<TUser> {
  session: SessionMachine<TUser>
  sessionSwitch: SessionSwitch<TUser>
  commit: Pick<Commit, 'getHeld'>
  order: TabOrder
  userQuery: Pick<UserQuery<TUser>, 'observe'>
  isSameUser: IsSameUser<TUser>
  setSession: Login<TUser>['setSession']
  revokeStray: (tokens: Tokens) => void
}

/** Goes on with the same session under another token. */
export type RenewSession<TUser> = (renewed: NewSession<TUser>) => void

export const createRenewal =
  <TUser>({
    session,
    sessionSwitch,
    commit,
    order,
    userQuery,
    isSameUser,
    setSession,
    revokeStray,
  }: RenewalParts<TUser>): RenewSession<TUser> =>
  ({ token, user, ...more }) => {
    if (!isToken(token)) throw new TypeError('renewSession() needs a token')
    const renewed = stampTokens({ token, ...more })
    const { signal } = session.getScope()
    order.synchronize()
    const tokens = session.getTokens()
    // A token that comes too late must not live on.
    const refuse = (error: Error): never => {
      revokeStray(renewed)
      throw error
    }
    if (signal !== session.getScope().signal) refuse(new SessionEndedError('elsewhere'))
    if (!tokens) return refuse(new SignedOutError())
    if (commit.getHeld()) refuse(new SessionEndedError('replaced'))

    const { user: known } = session.getState()
    // Whoever is not known yet is nobody's same: what was fetched meanwhile may be another's.
    if (user && !(known && isSameUser(known, user))) return setSession({ token, user, ...more })
    const { number, refreshToken } = tokens
    sessionSwitch.renew({ number, refreshToken, ...renewed })
    if (user) userQuery.observe(user)
  }
