import { notifyManager } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'

/** The function that `notifyManager.setScheduler` takes. It runs a batch of notifications, by default in `setTimeout(0)`. */
export type Scheduler = (flush: () => void) => void

/**
 * Changes the caches, and tells React in one synchronous delivery, so that the auth state and every subscribed query
 * reach the screen in one commit.
 *
 * TanStack Query tells its observers through `notifyManager`, by default later. For this one batch, another scheduler
 * restores the app's own and delivers at once. Inside another batch, the manager delivers when that batch ends: still in
 * the same task, and still together.
 *
 * @param scheduler - The app's own scheduler, which is restored before anything is delivered.
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
    // If the manager works differently, everything is done without it, and nothing of ours is left in it.
    () => {
      safely(() => notifyManager.setScheduler(scheduler))
      steps.slice().forEach(doNext)
    },
  )
}
