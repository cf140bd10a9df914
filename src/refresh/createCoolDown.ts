import type { Tokens } from '../browser/Tokens.ts'
import type { RequestError } from '../errors/RequestError.ts'

/** After a failure, nothing is tried again for a while. */
export interface CoolDown {
  /** The failure, as long as nothing may be tried again for this session. */
  getFailure: (tokens: Tokens) => RequestError | undefined
  /** @param retryAfter - The header `Retry-After` of the answer (RFC 9110, section 10.2.3), `null` if there was none. */
  begin: (tokens: Tokens, failure: RequestError, retryAfter: string | null) => void
  end: () => void
}

/** Milliseconds after the first failure. Doubled with each that follows. */
const patience = 1000

/** Milliseconds. */
const limit = 60_000

/** Milliseconds: a server that asks for more is asked again all the same. */
const longest = 3_600_000

/** Milliseconds. */
const read = (retryAfter: string | null): number => {
  const seconds = Number(retryAfter)
  const asked = seconds >= 0 ? seconds * 1000 : Date.parse(retryAfter ?? '') - Date.now()
  return Math.min(asked || 0, longest)
}

export const createCoolDown = (): CoolDown => {
  let failures = 0
  let until = 0
  let last: RequestError | undefined
  let session: string | undefined

  return {
    getFailure: ({ number }) => (number === session && performance.now() < until ? last : undefined),
    begin: ({ number }, failure, retryAfter) => {
      last = failure
      if (session !== number) failures = 0
      session = number
      until = performance.now() + Math.max(read(retryAfter), Math.min(patience * 2 ** failures, limit))
      failures += 1
    },
    end: () => {
      failures = 0
      until = 0
    },
  }
}
