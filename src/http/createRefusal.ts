import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { TokenRejectedError } from '../errors/TokenRejectedError.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { Refresher } from './TokenRefresh.ts'

/**
 * The API has refused a token. Resolves if the session goes on with another; else the session ends.
 *
 * @throws SessionEndedError with reason `'rejected'` if it has ended; RequestError if it cannot be found out now whether it
 * can go on.
 */
export type Refusal = (token: string) => Promise<void>

export const createRefusal =
  (
    session: Pick<SessionMachine<unknown>, 'isCurrent' | 'reject'>,
    refresher: Pick<Refresher, 'renew'> | undefined,
  ): Refusal =>
  async (token) => {
    if (!session.isCurrent(token)) return
    try {
      const renewing = refresher?.renew(token)
      // Within the caller's own tick.
      if (!renewing) throw new TokenRejectedError()
      await renewing
    } catch (error) {
      if (error instanceof SessionEndedError) session.reject(token)
      throw error
    }
  }
