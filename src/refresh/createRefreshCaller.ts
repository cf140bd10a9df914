import type { Tokens } from '../browser/Tokens.ts'
import { RequestError } from '../errors/RequestError.ts'
import { createJudge } from '../http/authorize.ts'
import { isDocument } from '../http/isDocument.ts'
import type { TokenRefreshParts } from '../http/TokenRefresh.ts'
import type { CoolDown } from './createCoolDown.ts'
import type { SpentTokens } from './createSpentTokens.ts'
import type { TokenRefreshOptions } from './TokenRefreshOptions.ts'

/** What a refresh has brought. */
export interface Refreshed<TUser> {
  tokens: Tokens
  readUser?: () => Promise<TUser>
}

/** @param isOutrun - Whether another tab has refreshed the tokens meanwhile. Then nothing is brought. */
export type RefreshCaller<TUser> = (
  tokens: Tokens,
  isOutrun: () => boolean,
) => Promise<Refreshed<TUser> | undefined>

const isRefusedByStatus = ({ status }: Response): boolean => [400, 401, 403].includes(status)

/**
 * Makes the function that asks for new tokens. If no answer arrives, it asks once more at once: servers have a grace for it.
 *
 * @throws SessionEndedError with reason `'rejected'` if the refresh token is refused; RequestError after any other failure,
 * which begins the cool-down.
 */
export const createRefreshCaller = <TUser>(
  { isRefusal = isRefusedByStatus, parse }: TokenRefreshOptions,
  { callEndpoint, parser, timeout }: Pick<TokenRefreshParts<TUser>, 'callEndpoint' | 'parser' | 'timeout'>,
  coolDown: Pick<CoolDown, 'begin' | 'end'>,
  { spend }: Pick<SpentTokens, 'spend'>,
): RefreshCaller<TUser> => {
  const isRefused = createJudge(isRefusal, isRefusedByStatus, timeout)

  const ask = async (
    tokens: Tokens,
    isOutrun: () => boolean,
    isLast: boolean,
  ): Promise<Refreshed<TUser> | undefined> => {
    let retryAfter: string | null = null
    const judge = async (response: Response): Promise<boolean> => {
      retryAfter = response.headers.get('Retry-After')
      return (await isRefused(response)) && !isDocument(await response.clone().text())
    }
    try {
      const answer = await callEndpoint('refresh', { tokens, judge, retry: 0 })
      const { tokens: fresh, ...more } = parser.readSession(answer, undefined, parse)
      coolDown.end()
      const { refreshToken = tokens.refreshToken } = fresh
      // Some servers give the same refresh token for good.
      if (refreshToken !== tokens.refreshToken) spend(tokens)
      return { ...more, tokens: { ...fresh, refreshToken } }
    } catch (error) {
      if (!(error instanceof RequestError)) {
        spend(tokens)
        throw error
      }
      const isLost = error.code === 'network' || error.code === 'timeout'
      if (isLost && isOutrun()) return undefined
      if (isLost && !isLast) return ask(tokens, isOutrun, true)
      coolDown.begin(tokens, error, retryAfter)
      throw error
    }
  }
  return (tokens, isOutrun) => ask(tokens, isOutrun, false)
}
