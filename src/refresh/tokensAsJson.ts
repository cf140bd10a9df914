import { isToken, type TokenCodec } from '../browser/createTokenStore.ts'
import { safely } from '../errors/safely.ts'
import { stampTokens } from '../http/stampTokens.ts'

const ignore = (): void => {}

/**
 * Stores both tokens in one value, so that they are never written apart; and the session's number, because a storage of the
 * app's own may have no other place for it. A bare token, of an older app, is read too.
 */
export const tokensAsJson: TokenCodec = {
  encode: ({ token, refreshToken, expiresIn, issuedAt, number }) =>
    refreshToken === undefined && expiresIn === undefined
      ? token
      : JSON.stringify({ token, refreshToken, expiresIn, issuedAt, number }),

  decode: (stored) => {
    if (!stored.startsWith('{')) return isToken(stored) ? { token: stored } : null
    const { token, issuedAt, number, ...more } = Object(
      safely(() => JSON.parse(stored) as unknown, ignore),
    ) as Record<string, unknown>
    if (!isToken(token)) return null
    const tokens = { ...stampTokens({ token, ...more }), ...(isToken(number) && { number }) }
    return tokens.expiresIn === undefined ? tokens : { ...tokens, issuedAt: Number(issuedAt) || 0 }
  },
}
