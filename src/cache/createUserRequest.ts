import type { Tokens } from '../browser/Tokens.ts'
import { RequestError } from '../errors/RequestError.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import type { CallEndpoint } from '../http/createEndpointCaller.ts'
import type { Parser } from '../http/createParser.ts'
import type { Refresher } from '../http/TokenRefresh.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'

/** Asks the API for the user. */
export interface UserRequest<TUser> {
  /** Of a session. Fails with `SessionEndedError` if the API refuses the token. */
  request: (tokens: Tokens, signal?: AbortSignal | null) => Promise<TUser>
  /** Of the session that is on. */
  requestCurrent: (signal: AbortSignal) => Promise<TUser>
}

const createOutrun = (): RequestError =>
  new RequestError('The API has refused two tokens of the session, which goes on with a third', {
    code: 'http',
    status: 401,
    statusText: '',
  })

export const createUserRequest = <TUser>(
  session: Pick<SessionMachine<TUser>, 'getTokens' | 'isCurrent'>,
  callEndpoint: CallEndpoint,
  parser: Parser<TUser>,
  refresher: Pick<Refresher, 'prepare' | 'renew'> | undefined,
): UserRequest<TUser> => {
  /** Tokens that the API has refused. They are not sent again, whatever a retry option says. */
  const refused = new WeakSet<Tokens>()

  const request: UserRequest<TUser>['request'] = async (tokens, signal = null) =>
    parser.readUser(await callEndpoint('user', { tokens, signal, isJudged: true }))

  /** If the session goes on with another token, that is asked about. */
  const requestCurrent = async (
    signal: AbortSignal,
    isRefreshed = false,
    isOutrun = false,
  ): Promise<TUser> => {
    await refresher?.prepare()
    const tokens = session.getTokens()
    if (!tokens) throw new SignedOutError()
    if (refused.has(tokens)) throw new SessionEndedError('rejected')
    try {
      return await request(tokens, signal)
    } catch (error) {
      if (!(error instanceof SessionEndedError) || signal.aborted) throw error
      if (!session.isCurrent(tokens.token)) {
        // Nobody has refused the current one yet: it is asked about at the next try.
        if (isOutrun) throw createOutrun()
        return requestCurrent(signal, isRefreshed, true)
      }
      try {
        const renewing = isRefreshed ? undefined : refresher?.renew(tokens.token)
        if (!renewing) throw error
        await renewing
      } catch (failure) {
        if (failure instanceof SessionEndedError) refused.add(tokens)
        throw failure
      }
      return requestCurrent(signal, true, isOutrun)
    }
  }

  return { request, requestCurrent: (signal) => requestCurrent(signal) }
}
