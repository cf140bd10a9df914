import type { AfterCommit } from '../cache/createPrivateQueries.ts'
import { safely } from '../errors/safely.ts'
import { type SessionEndReason, SessionEndedError } from '../errors/SessionEndedError.ts'
import { createEndedScope, type SessionScope } from '../session/SessionScope.ts'

/**
 * Knows when a change has reached the screen.
 *
 * Until then whoever calls may still be code of the session that has just been replaced: a cleanup, a listener, what goes on
 * in a microtask. So nobody speaks for the new session before.
 */
export interface Commit {
  /** Does what must wait until all who render have committed. Without anybody who renders, as soon as nothing is held. */
  after: AfterCommit
  /** One more who renders says from here on when. */
  follow: (afterCommit: AfterCommit) => void
  /** Nobody renders any more. */
  stop: () => void
  /**
   * A session has ended. Without anybody who renders, it waits for the next task.
   *
   * @param finish - Is called when React commits: after the cleanups of the components that went, before those that come render.
   */
  hold: (reason: SessionEndReason, finish: () => void) => void
  /**
   * Whose a call is that is made now: until then nobody's, else `undefined`. While nobody is signed in, whoever sends
   * something is refused anyway, or is a guest.
   */
  getHeld: () => SessionScope | undefined
  /** Waits until then, but no longer than the next task. */
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

/** Milliseconds to wait for a commit. */
const patience = 1000

export const createCommit = (): Commit => {
  // An app may have several `<AuthProvider>`s of one client. Those that have unmounted do not let anybody wait.
  const followed = new Set<AfterCommit>()
  let held: SessionScope | undefined
  let released: Promise<void> | undefined

  const after: AfterCommit = (act, isEarly) => {
    let left = followed.size
    // What is fetched before would be nobody's.
    if (left === 0) return held ? void released?.then(act) : act()
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
    hold: (reason, finish) => {
      const own = createEndedScope(new SessionEndedError(reason))
      held = own
      released = new Promise((resolve) => {
        let timer: ReturnType<typeof setTimeout> | undefined
        const release = (): void => {
          clearTimeout(timer)
          resolve()
          if (held === own) held = undefined
        }
        if (followed.size === 0) return nextTask(release)
        // React commits in a microtask, or not at all: what is around the provider may wait for something that never comes.
        timer = setTimeout(release, patience)
        after(() => {
          if (held === own) safely(finish)
          release()
        }, true)
        // React commits before, unless a test collects its updates.
        nextTask(resolve)
      })
    },
    getHeld: () => held,
    whenReleased: () => held && released,
  }
}
