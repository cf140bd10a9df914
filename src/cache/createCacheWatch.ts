import { safely } from '../errors/safely.ts'

export interface CacheWatch {
  /** Follows the caches: what the user query says, what is written while nobody is signed in. */
  start: () => void
  /** Leaves no subscription, and gives back what was put on the app's objects. */
  stop: () => void
  isOn: () => boolean
}

/** @param followers - What follows the app's caches and its persister. */
export const createCacheWatch = (followers: readonly { watch: () => () => void }[]): CacheWatch => {
  let stops: ((() => void) | undefined)[] = []
  const isOn = (): boolean => stops.length > 0
  return {
    isOn,
    start: () => {
      if (!isOn()) stops = followers.map(({ watch }) => safely(watch))
    },
    stop: () => {
      for (const stop of stops) safely(() => stop?.())
      stops = []
    },
  }
}
