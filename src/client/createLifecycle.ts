import type { Tabs } from '../browser/createTabs.ts'
import type { TokenStore } from '../browser/createTokenStore.ts'
import type { CacheWatch } from '../cache/createCacheWatch.ts'
import type { AfterCommit } from '../cache/createPrivateQueries.ts'
import type { UserQuery } from '../cache/createUserQuery.ts'
import type { Internals } from '../tanstack/createInternals.ts'
import type { Commit } from './createCommit.ts'
import type { Restore } from './createRestore.ts'
import type { TabOrder } from './createTabOrder.ts'

export interface LifecycleParts<TUser> {
  restore: Restore
  store: TokenStore
  tabs: Tabs
  order: TabOrder
  userQuery: UserQuery<TUser>
  internals: Internals
  cacheWatch: CacheWatch
  /** Are on while the client is mounted. */
  watchers: readonly { watch: () => () => void }[]
  commit: Commit
}

export interface Lifecycle {
  /** Starts to listen to other tabs and to the page, and checks a stored token. Returns `unmount`. */
  mount: (afterCommit?: AfterCommit) => () => void
  /** Undoes one `mount`. The last one removes all listeners. */
  unmount: () => void
}

/** Says what a client listens to, and how long. */
export const createLifecycle = <TUser>({
  restore,
  store,
  tabs,
  order,
  userQuery,
  internals,
  cacheWatch,
  watchers,
  commit,
}: LifecycleParts<TUser>): Lifecycle => {
  let mounts = 0
  let stops: (() => void)[] = []
  let callOffCheck: (() => void) | undefined

  const look = (): void => void restore(true)

  const unmount = (): void => {
    mounts = Math.max(0, mounts - 1)
    if (mounts > 0) return
    commit.stop()
    callOffCheck?.()
    for (const stop of stops.splice(0)) stop()
    tabs.close()
    order.stop()
    userQuery.stop()
    cacheWatch.stop()
  }

  return {
    unmount,
    mount: (afterCommit) => {
      mounts += 1
      if (afterCommit) commit.follow(afterCommit)
      let isUndone = false
      const undo = (): void => {
        if (!isUndone) unmount()
        isUndone = true
      }
      if (mounts > 1) return undo
      cacheWatch.follow()
      stops = watchers.map(({ watch }) => watch())
      tabs.open(look, (message) => {
        order.hear(message)
        look()
      })
      store.warm()
      look()
      userQuery.start()
      callOffCheck = internals.checkSoon()
      return undo
    },
  }
}
