import type { Tokens } from '../browser/Tokens.ts'

/**
 * Whether tokens are to be refreshed before the API refuses them: by the wall clock, because a laptop's own clock stands
 * still while it sleeps. Never in the first half of their life.
 *
 * @param early - Milliseconds before they expire; `0`: never.
 */
export const isStale = ({ expiresIn, issuedAt }: Tokens, early: number): boolean =>
  early > 0 &&
  expiresIn !== undefined &&
  issuedAt !== undefined &&
  Date.now() > issuedAt + Math.max(expiresIn * 1000 - early, expiresIn * 500)

/** Whether tokens have not expired yet, as far as the wall clock tells. */
export const isAlive = ({ expiresIn = 0, issuedAt = 0 }: Tokens): boolean =>
  Date.now() < issuedAt + expiresIn * 1000
