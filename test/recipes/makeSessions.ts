import { randomBytes } from 'node:crypto'
import { makeTokens } from './makeTokens.ts'

/** Sessions with a refresh token that can be ended, and access tokens that live until their time has passed. */
export const makeSessions = (claims: object) => {
  const tokens = makeTokens(claims)
  /** The refresh token of each access token whose session is on. */
  const refreshTokens = new Map<string, string>()
  const expired = new Set<string>()
  const used = new Set<unknown>()
  let alarms = 0

  const open = (): { token: string; refreshToken: string } => {
    const token = tokens.issue(900)
    const refreshToken = randomBytes(16).toString('hex')
    refreshTokens.set(token, refreshToken)
    return { token, refreshToken }
  }
  /** Ends the session of a refresh token. */
  const endByRefresh = (refreshToken: unknown): boolean => {
    const found = [...refreshTokens].find(([, refresh]) => refresh === refreshToken)
    return found !== undefined && refreshTokens.delete(found[0])
  }
  const isOpen = (token: string): boolean => refreshTokens.has(token)

  return {
    open,
    isOpen,
    check: (token: string) => (expired.has(token) ? 'expired' : tokens.check(token)),
    /** Lets the time of an access token pass, and that of its session not. */
    expireAccess: (token: string): void => void expired.add(token),
    /** Makes new tokens from a refresh token, which works once. */
    refresh: (refreshToken: unknown): { token: string; refreshToken: string } | undefined => {
      if (used.has(refreshToken)) alarms += 1
      used.add(refreshToken)
      return endByRefresh(refreshToken) ? open() : undefined
    },
    /** How often a refresh token was used again. */
    alarms: (): number => alarms,
    end: (token: string): boolean => refreshTokens.delete(token),
    endByRefresh,
    endAll: (): void => refreshTokens.clear(),
    issueExpired: (): string => tokens.issue(-1),
    openElsewhere: (): (() => boolean) => {
      const { token } = open()
      return () => isOpen(token)
    },
  }
}
