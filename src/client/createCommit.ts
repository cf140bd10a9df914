import type { AfterCommit } from '../cache/createPrivateQueries.ts'
import { type SessionEndReason, SessionEndedError } from '../errors/SessionEndedError.ts'
import { createEndedScope, type SessionScope } from '../session/SessionScope.ts'

/**
 * Knows when a change has reached the screen.
 *
 * Until then whoever calls may still be code of the session that has just been replaced: a cleanup, a listener, what goes on
 * in a microtask. So nobody speaks for the new session before.
 */
export interface Commit {
  /** Does what must wait until all who render have committed. Without anybody who renders, at once. */
  after: AfterCommit
  /** One more who renders says from here on when. */
  follow: (afterCommit: AfterCommit) => void
  /** Nobody renders any more. */
  stop: () => void
  /** A session has ended. Without anybody who renders, one that follows waits for the next task. */
  hold: (reason: SessionEndReason) => void
  /** Whose a call is that is made now: nobody's until then, else `undefined`. */
  getHeld: () => SessionScope | undefined
  /** Waits until then, but no longer than the next task, if a session has ended. */
  whenReleased: () => Promise<void> | undefined
}

/** After all microtasks. A timer would come later, and tests stop those. */
const nextTask = (act: () => void): void => {
  if (!globalThis.MessageChannel) return void setTimeout(act)
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', () => {
    port1.close()
    act()
  })
  port1.start()
  port2.postMessage(null)
}

/** @param isNobodys - Whether nobody is signed in. */
export const createCommit = (isNobodys: () => boolean): Commit => {
  // An app may have several `<AuthProvider>`s of one client. Those that have unmounted do not let anybody wait.
  const followed = new Set<AfterCommit>()
  let held: SessionScope | undefined
  let released: Promise<void> | undefined

  const after: AfterCommit = (act, isEarly) => {
    let left = followed.size
    if (left === 0) return act()
    const count = (): void => {
      left -= 1
      if (left === 0) act()
    }
    for (const afterCommit of followed) afterCommit(count, isEarly)
  }

  return {
    after,
    follow: (afterCommit) => void followed.add(afterCommit),
    stop: () => followed.clear(),
    hold: (reason) => {
      const own = createEndedScope(new SessionEndedError(reason))
      held = own
      released = new Promise((resolve) => {
        const release = (): void => {
          resolve()
          if (held === own) held = undefined
        }
        if (followed.size > 0) after(release, true)
        else nextTask(release)
        // React commits before, unless a test collects its updates.
        nextTask(resolve)
      })
    },
    getHeld: () => (isNobodys() ? undefined : held),
    whenReleased: () => held && released,
  }
}
