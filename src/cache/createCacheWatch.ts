import { safely } from '../errors/safely.ts'

interface Watcher {
  watch: () => () => void
}

/** Watches the caches: the user query, and what is written while nobody is signed in. */
export interface CacheWatch {
  /** Somebody follows the client. Returns a function that says that they no longer do. */
  follow: () => () => void
  isFollowed: () => boolean
  /** Watches, although nobody may follow the client, until `release`. */
  hold: () => void
  /** Without anybody who follows the client, nothing stays but the guard of the persister, for copies that come late. */
  release: () => void
  /** Ends all subscriptions, whoever has asked for them, and restores the app's objects as they were. */
  stop: () => void
}

/** @param onStart - The watch has begun. */
export const createCacheWatch = (
  watchers: readonly Watcher[],
  persisted: Watcher,
  onStart: () => void,
): CacheWatch => {
  const followers = new Set<object>()
  let isHeld = false
  let stops: ((() => void) | undefined)[] = []
  let stopGuarding: (() => void) | undefined

  const start = (): void => {
    stopGuarding ??= safely(persisted.watch)
    if (stops.length > 0) return
    stops = watchers.map(({ watch }) => safely(watch))
    safely(onStart)
  }

  const release = (): void => {
    isHeld = false
    if (followers.size > 0) return
    for (const stop of stops.splice(0)) safely(() => stop?.())
  }

  const stop = (): void => {
    followers.clear()
    release()
    safely(() => stopGuarding?.())
    stopGuarding = undefined
  }

  return {
    isFollowed: () => followers.size > 0,
    release,
    stop,
    hold: () => {
      isHeld = true
      start()
    },
    follow: () => {
      const follower = {}
      followers.add(follower)
      start()
      return () => {
        if (followers.delete(follower) && followers.size === 0 && !isHeld) stop()
      }
    },
  }
}
