import { safely } from '../errors/safely.ts'

export interface CacheWatch {
  /** Starts to follow the caches: the user query, and writes while nobody is signed in. */
  start: () => void
  /** Ends all subscriptions, and restores the app's objects as they were. */
  stop: () => void
  isOn: () => boolean
}

/** @param followers - Follow the app's caches and its persister. */
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
