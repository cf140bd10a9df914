import type { AfterCommit } from '../cache/createPrivateQueries.ts'

/** Knows when a change has reached the screen. */
export interface Commit {
  /** Does what must wait until all who render have committed. Without anybody who renders, at once. */
  after: AfterCommit
  /** One who renders says from here on when. Returns a function that stops that. */
  follow: (afterCommit: AfterCommit) => () => void
  /** Nobody renders any more. */
  stop: () => void
}

export const createCommit = (): Commit => {
  // An app may have several `<AuthProvider>`s of one client.
  const followed = new Set<AfterCommit>()
  return {
    after: (act) => {
      let left = followed.size
      if (left === 0) return act()
      const count = (): void => {
        left -= 1
        if (left === 0) act()
      }
      for (const afterCommit of followed) afterCommit(count)
    },
    follow: (afterCommit) => {
      followed.add(afterCommit)
      return () => void followed.delete(afterCommit)
    },
    stop: () => followed.clear(),
  }
}
