import type { TokenStorage } from 'signoff'

/** What one tab sees of a storage that others write to. */
export interface View {
  storage: TokenStorage
  /** What the tab has written arrives. What arrives last stays. */
  arrive: () => void
  /** The tab sees what has arrived. */
  look: () => void
}

/** A storage as processes of a browser share it: each sees its own writes at once, and those of others later. */
export const createLateStorage = () => {
  let stored: string | null = null

  return {
    get: (): string | null => stored,
    open: (): View => {
      let seen = stored
      let isWriting = false
      const write = (next: string | null): void => {
        seen = next
        isWriting = true
      }
      return {
        storage: { get: () => seen, set: write, remove: () => write(null) },
        arrive: () => {
          if (isWriting) stored = seen
          isWriting = false
        },
        look: () => {
          if (!isWriting) seen = stored
        },
      }
    },
  }
}
