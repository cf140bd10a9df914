'use client'

/** What must wait until React has committed. */
export interface CommitQueue {
  /** Keeps an act for the next `flush`. While the queue is closed, does it at once. */
  add: (act: () => void) => void
  flush: () => void
  open: () => void
  /** Does what is left. */
  close: () => void
}

export const createCommitQueue = (): CommitQueue => {
  const acts = new Set<() => void>()
  let isOpen = false

  const flush = (): void => {
    for (const act of acts) {
      acts.delete(act)
      act()
    }
  }

  return {
    add: (act) => {
      acts.add(act)
      if (!isOpen) flush()
    },
    flush,
    open: () => {
      isOpen = true
    },
    close: () => {
      isOpen = false
      flush()
    },
  }
}
