import { fingerprint } from '../browser/fingerprint.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { Endpoint, GivenTokens } from '../http/Endpoint.ts'

/** Knows which refresh tokens were refused or exchanged: they are never sent again. */
export interface SpentTokens {
  canRefresh: (tokens: Tokens) => boolean
  spend: (tokens: Tokens) => void
}

const keyOf = ({ token, refreshToken = token }: Tokens): string => fingerprint(refreshToken)

export const createSpentTokens = (endpoint: Endpoint<GivenTokens>): SpentTokens => {
  const spent = new Set<string>()
  /** An app that makes the body itself may need no refresh token. */
  const isBodyOwn = (Object(endpoint) as { body?: unknown }).body !== undefined

  return {
    canRefresh: (tokens) => (isBodyOwn || tokens.refreshToken !== undefined) && !spent.has(keyOf(tokens)),
    spend: (tokens) => void spent.add(keyOf(tokens)),
  }
}
