import { randomBytes } from 'node:crypto'
import { makeTokens } from './makeTokens.ts'

/** Sessions with a refresh token that can be ended, and access tokens that live until their time has passed. */
export const makeSessions = (claims: object) => {
  const tokens = makeTokens(claims)
  /** The refresh token of each access token whose session is on. */
  const refreshTokens = new Map<string, string>()

  const open = (): { token: string; refreshToken: string } => {
    const token = tokens.issue(900)
    const refreshToken = randomBytes(16).toString('hex')
    refreshTokens.set(token, refreshToken)
    return { token, refreshToken }
  }
  const isOpen = (token: string): boolean => refreshTokens.has(token)

  return {
    open,
    isOpen,
    check: tokens.check,
    end: (token: string): boolean => refreshTokens.delete(token),
    /** Ends the session of a refresh token. */
    endByRefresh: (refreshToken: unknown): boolean => {
      const found = [...refreshTokens].find(([, refresh]) => refresh === refreshToken)
      return found !== undefined && refreshTokens.delete(found[0])
    },
    endAll: (): void => refreshTokens.clear(),
    issueExpired: (): string => tokens.issue(-1),
    openElsewhere: (): (() => boolean) => {
      const { token } = open()
      return () => isOpen(token)
    },
  }
}
