import { notifyManager } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'

/** What `notifyManager.setScheduler` takes: runs a batch of notifications, by default in `setTimeout(0)`. */
export type Scheduler = (flush: () => void) => void

/**
 * Makes a change to the caches and tells React of it in one synchronous delivery, so that the auth state and
 * every subscribed query reach the screen in one commit.
 *
 * TanStack Query tells its observers through `notifyManager`, later by default. For this one batch the scheduler is
 * replaced by one that puts the app's own back and delivers at once. Inside somebody else's batch the manager
 * holds everything back until that batch ends: still the same task, and still in one piece.
 *
 * @param scheduler - The app's own scheduler, put back before anything is delivered.
 * @param change - Makes the change.
 * @param notify - Tells the subscribers of the auth state.
 */
export const deliverTogether = (scheduler: Scheduler, change: () => void, notify: () => void): void => {
  const steps = [change, notify]
  const doNext = (): void => safely(() => steps.shift()?.())
  safely(
    () => {
      notifyManager.setScheduler((flush) => {
        notifyManager.setScheduler(scheduler)
        flush()
      })
      notifyManager.batch(() => {
        doNext()
        notifyManager.schedule(doNext)
      })
    },
    // A manager of another kind: nobody is left untold, and nothing of ours is left in it.
    () => {
      safely(() => notifyManager.setScheduler(scheduler))
      steps.slice().forEach(doNext)
    },
  )
}
