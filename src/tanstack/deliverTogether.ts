import { notifyManager } from '@tanstack/react-query'
import { report, safely } from '../errors/safely.ts'
import type { Screen } from './createInternals.ts'

/** The function that `notifyManager.setScheduler` takes. It runs a batch of notifications, by default in `setTimeout(0)`. */
export type Scheduler = (flush: () => void) => void

/**
 * Changes the caches, and tells React in one synchronous delivery, so that the auth state and every subscribed query
 * reach the screen in one commit.
 *
 * TanStack Query tells its observers through `notifyManager`, by default later. For this one batch, another scheduler
 * restores the app's own and delivers at once. Inside another batch, the manager delivers when that batch ends: still in
 * the same task, and still together. If a function of the app's (`setNotifyFunction`, `setBatchNotifyFunction`) delivers
 * later all the same, everything on screen is mounted anew, because the manager does not tell that function.
 *
 * @param scheduler - The app's own scheduler, which is restored before anything is delivered.
 * @param change - Makes the change.
 * @param screen - Is told of the auth state, and mounted anew if somebody may not have been told.
 */
export const deliverTogether = (scheduler: Scheduler, change: () => void, screen: Screen): void => {
  let isMade = false
  let isTold = false
  const mountAnew = (): void => {
    screen.mountAnew()
    screen.notify()
  }
  const make = (): void => {
    isMade = true
    safely(change)
  }
  safely(
    () => {
      notifyManager.setScheduler((flush) => {
        notifyManager.setScheduler(scheduler)
        flush()
        if (!isTold) mountAnew()
      })
      notifyManager.batch(() => {
        // First in the queue: what shows the user hears of the session before it hears of the queries.
        notifyManager.schedule(() => {
          isTold = true
          screen.notify()
        })
        make()
      })
    },
    (failure) => {
      report(failure)
      // The manager works differently, or a listener of the app's threw and kept those behind it from being told.
      safely(() => notifyManager.setScheduler(scheduler))
      if (!isMade) make()
      mountAnew()
    },
  )
}
