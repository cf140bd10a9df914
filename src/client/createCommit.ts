import type { AfterCommit } from '../cache/createPrivateQueries.ts'

/** Knows when a change has reached the screen. */
export interface Commit {
  /** Does what must wait until then. Without anybody who renders, at once. */
  after: AfterCommit
  /** From here on, this one who renders says when. */
  follow: (afterCommit: AfterCommit | undefined) => void
}

export const createCommit = (): Commit => {
  let followed: AfterCommit | undefined
  return {
    after: (act) => (followed ? followed(act) : act()),
    follow: (afterCommit) => {
      followed = afterCommit
    },
  }
}
