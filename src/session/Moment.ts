/** When something happened in this page: by the computer's clock, in milliseconds since 1970, and by the page's own. */
export interface Moment {
  at: number
  elapsed: number
}

export const getMoment = (): Moment => ({ at: Date.now(), elapsed: performance.now() })

/** Milliseconds: the two clocks never differ by so much unless one is set, or the computer has slept. */
const tolerance = 10_000

/** Milliseconds since then: by the computer's clock, unless that was set back. */
export const ageOf = ({ at, elapsed }: Moment): number => {
  const age = Date.now() - at
  const ownAge = performance.now() - elapsed
  return ownAge - age > tolerance ? ownAge : age
}

/** The same of what another page has sent, which tells only what the computer's clock said. */
export const ageOfSent = (at: number): number => Math.max(0, Date.now() - at)
