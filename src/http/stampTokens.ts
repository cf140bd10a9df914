import { isToken } from '../browser/createTokenStore.ts'
import type { Tokens } from '../browser/Tokens.ts'

/** What has just come, and when. What cannot be a refresh token or a duration is left out. */
export const stampTokens = (given: {
  token: string
  refreshToken?: unknown
  expiresIn?: unknown
}): Tokens => {
  const { token, refreshToken } = given
  const expiresIn = Number(given.expiresIn)
  return {
    token,
    ...(isToken(refreshToken) && { refreshToken }),
    ...(expiresIn > 0 && { expiresIn, issuedAt: Date.now() }),
  }
}
