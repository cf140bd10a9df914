import type { Tokens } from '../browser/Tokens.ts'

/** What a flight brings after its session has ended. */
export interface Late {
  /** Whoever has ended the session revokes it. */
  isClaimed?: boolean
  tokens?: Tokens
}
