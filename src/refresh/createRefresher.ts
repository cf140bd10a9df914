import { focusManager, onlineManager } from '@tanstack/react-query'
import type { StoredSession, Tokens } from '../browser/Tokens.ts'
import { whenLeaving } from '../browser/whenLeaving.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { safely } from '../errors/safely.ts'
import { TokenRejectedError } from '../errors/TokenRejectedError.ts'
import type { Refresher, TokenRefreshParts } from '../http/TokenRefresh.ts'
import { createCoolDown } from './createCoolDown.ts'
import { createMarks } from './createMarks.ts'
import { createRefreshCaller, type Refreshed } from './createRefreshCaller.ts'
import { createSpentTokens } from './createSpentTokens.ts'
import { isAlive, isStale } from './isStale.ts'
import type { Late } from './Late.ts'
import { readAgain } from './readAgain.ts'
import type { TokenRefreshOptions } from './TokenRefreshOptions.ts'
import { wait } from './wait.ts'
import { createTimeout, isLockHeld, withLock } from './withLock.ts'

/*
 * There is one flight for each token that has to be replaced, and one in all tabs at a time.
 *
 * | event                         | idle                | waiting for the lock     | sending                               |
 * | ----------------------------- | ------------------- | ------------------------ | ------------------------------------- |
 * | a request finds a stale token | waiting             | waits for the flight     | waits for the flight                  |
 * | 401 to the current token      | waiting             | waits for the flight     | waits for the flight                  |
 * | 401 to an older token         | -                   | -                        | -                                     |
 * | another tab has refreshed     | its tokens count    | its tokens count, idle   | its tokens count, the answer is spare |
 * | the session ends, anywhere    | -                   | idle, nothing is sent    | the answer is read and revoked        |
 * | tokens are answered           | -                   | -                        | stored where the old ones are, idle   |
 * | the refresh token is refused  | -                   | -                        | spent: the next 401 ends the session  |
 * | no answer                     | -                   | -                        | sent once more, then as any failure   |
 * | any other failure             | -                   | -                        | idle after a cool-down                |
 *
 * A spent refresh token is never sent again. A login, a logout, and a request whose token is alive wait for nothing.
 */

/** Milliseconds: where there are no locks, another tab's answer may be on its way to the storage. */
const patience = 1000
const ignore = (): void => {}

export const createRefresher = <TUser>(
  options: TokenRefreshOptions & Required<Pick<TokenRefreshOptions, 'endpoint'>>,
  parts: TokenRefreshParts<TUser>,
): Refresher => {
  const { session, store, revoke, lockName, timeout } = parts
  const { early = 30_000, endpoint } = options
  const coolDown = createCoolDown()
  const flights = new Map<string, { readonly flight: Promise<void>; readonly late: Late }>()
  const spent = createSpentTokens(endpoint)
  const { canRefresh } = spent
  const exchange = createRefreshCaller(options, parts, coolDown, spent)

  /** That of another session waits for nothing. */
  const nameLock = ({ number }: Tokens): string | undefined => lockName && `${lockName}:${number}`
  const marks = createMarks(nameLock, timeout)

  const isCurrent = ({ token }: Tokens): boolean => session.getTokens()?.token === token

  /** Whether the session has ended, or goes on with the tokens of another tab. */
  const isOutrun = (from: StoredSession, signal: AbortSignal): boolean => {
    if (!signal.aborted) parts.synchronize()
    return signal.aborted || !isCurrent(from)
  }

  /** The refresh token is refused. Where tabs cannot wait for each other, another may have used it. */
  const settleRefusal = async (from: StoredSession, signal: AbortSignal): Promise<void> => {
    await marks.leave(from)
    if (lockName !== undefined && !globalThis.navigator?.locks) {
      await wait(patience)
    }
    if (isOutrun(from, signal)) return
    // The other tabs read here that there is nothing to send.
    const { refreshToken: _refused, ...left } = from
    if (store.read()?.token === from.token) store.write(left)
    throw new TokenRejectedError()
  }

  const showUser = async (next: Tokens, { readUser }: Refreshed<TUser>): Promise<void> => {
    const user = await readUser?.()
    if (user && isCurrent(next)) parts.showUser(user)
  }

  const land = async (
    from: StoredSession,
    signal: AbortSignal,
    late: Late,
    refreshed: Refreshed<TUser>,
  ): Promise<void> => {
    const next = { ...refreshed.tokens, number: from.number }
    if (!signal.aborted) parts.synchronize()
    const stored = store.read()
    const isOwn = !signal.aborted && stored?.number === from.number
    if (isOwn && stored.token === from.token) {
      parts.renew(next)
      void safely(() => showUser(next, refreshed), ignore)
      await marks.leave(from)
    } else if (isOwn) {
      // What comes for tokens that another tab has replaced meanwhile lives until the session ends, and no longer.
      signal.addEventListener('abort', () => void revoke(next), { once: true })
    } else if (late.isClaimed) late.tokens = next
    // Within the lock: whoever waits for it to revoke the same tokens finds them dead.
    else await revoke(next)
  }

  const fly = async (refused: StoredSession, signal: AbortSignal, late: Late): Promise<void> => {
    await readAgain(parts.load, timeout)
    if (!isOutrun(refused, signal)) await marks.follow(refused)
    if (isOutrun(refused, signal)) return
    // Another tab may have brought another refresh token for the same token.
    const from = session.getTokens() ?? refused
    // Another tab has heard that it is refused.
    if (store.read()?.refreshToken !== from.refreshToken) throw new TokenRejectedError()
    try {
      // After a logout too, what has been lost is asked for once more, to be revoked.
      const isReplaced = (): boolean => isOutrun(from, signal) && !signal.aborted
      const refreshed = await exchange(from, isReplaced)
      if (refreshed) await land(from, signal, late, refreshed)
      await readAgain(parts.load, timeout)
    } catch (error) {
      if (error instanceof SessionEndedError) return settleRefusal(from, signal)
      throw error
    }
  }

  const start = (from: StoredSession): Promise<void> => {
    const known = flights.get(from.token)
    if (known) return known.flight
    const { signal } = session.getScope()
    const late: Late = {}
    const flight = withLock(nameLock(from), signal, timeout, () => fly(from, signal, late)).finally(() =>
      flights.delete(from.token),
    )
    flights.set(from.token, { flight, late })
    return flight
  }

  /** While the token lives, nobody waits for another tab. */
  const startEarly = async (tokens: StoredSession): Promise<void> => {
    const isWaiting =
      !flights.has(tokens.token) && isAlive(tokens) && (await isLockHeld(nameLock(tokens), timeout))
    if (!isWaiting && isCurrent(tokens)) await start(tokens).catch(ignore)
  }

  const renew: Refresher['renew'] = (token) => {
    const from = session.getTokens()
    if (from?.token !== token || !canRefresh(from)) return undefined
    const failure = coolDown.getFailure(from)
    return failure ? Promise.reject(failure) : start(from)
  }

  const prepare: Refresher['prepare'] = () => {
    const tokens = session.getTokens()
    // While it cools down, the token that there is may still work.
    if (!tokens || !isStale(tokens, early) || !canRefresh(tokens) || coolDown.getFailure(tokens))
      return undefined
    return startEarly(tokens)
  }

  const look = (isThere: boolean): unknown => isThere && prepare()

  return {
    renew,
    prepare,

    watch: () => {
      const stops = [focusManager.subscribe(look), onlineManager.subscribe(look)]
      return () => stops.forEach((stop) => stop())
    },

    claim: async (tokens) => {
      const known = flights.get(tokens.token)
      if (!known) return tokens
      const { flight, late } = known
      late.isClaimed = true
      return new Promise((resolve) => {
        const finish = (): void => {
          stopListening()
          resolve(late.tokens ?? tokens)
        }
        const stopListening = whenLeaving(() => {
          late.isClaimed = false
          finish()
        })
        flight.then(finish, finish)
      })
    },

    replace: (tokens) =>
      withLock(nameLock(tokens), undefined, timeout, async () => {
        if (!canRefresh(tokens)) return null
        // Another tab sees to what came of them. Whether that is dead, nobody has confirmed here.
        if (await marks.isLeft(tokens)) throw createTimeout()
        const fresh = await exchange(tokens, () => false).catch((error: unknown) => {
          if (!(error instanceof SessionEndedError)) throw error
        })
        await marks.leave(tokens)
        return fresh?.tokens ?? null
      }),
  }
}
