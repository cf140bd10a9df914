/** What becomes of a refresh request. */
export type Fate = 'answered' | 'busy' | 'lost'

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
const createNumbers = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A third finds a busy server, a tenth of what is answered is lost: the same for every contender in the same run. */
export const createFates = (seed: number): (() => Fate) => {
  const next = createNumbers(seed)
  return () => {
    if (next() < 1 / 3) return 'busy'
    return next() < 1 / 10 ? 'lost' : 'answered'
  }
}

export const noFates = (): Fate => 'answered'
