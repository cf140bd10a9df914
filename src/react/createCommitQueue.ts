'use client'
import type { AfterCommit } from '../cache/createPrivateQueries.ts'

/** What must wait until React has committed. */
export interface CommitQueue {
  /** Keeps an act for the next flush. While the queue is closed, does it at once. */
  add: AfterCommit
  /** The effects of the components that went have run, and none of those that have come. */
  flushEarly: () => void
  /** All effects have run. */
  flush: () => void
  open: () => void
  isOpen: () => boolean
  /** Does what is left. */
  close: () => void
}

const run = (acts: Set<() => void>): void => {
  for (const act of acts) {
    acts.delete(act)
    act()
  }
}

export const createCommitQueue = (): CommitQueue => {
  const early = new Set<() => void>()
  const late = new Set<() => void>()
  let isOpen = false

  const flushEarly = (): void => run(early)

  const flush = (): void => {
    flushEarly()
    run(late)
  }

  return {
    add: (act, isEarly) => {
      const acts = isEarly ? early : late
      acts.add(act)
      if (!isOpen) flush()
    },
    flushEarly,
    flush,
    isOpen: () => isOpen,
    open: () => {
      isOpen = true
    },
    close: () => {
      isOpen = false
      flush()
    },
  }
}
