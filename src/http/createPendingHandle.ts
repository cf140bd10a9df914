import type { SessionHandle } from './createSessionHandles.ts'
import { interceptCalls } from './interceptCalls.ts'

/**
 * The handle for a render that does not know yet whose session it is: on a server, and when the browser hydrates its page.
 * It reads nothing until it is first used. From then on it is bound to one session.
 */
export const createPendingHandle = (getSession: () => SessionHandle): SessionHandle => {
  let bound: SessionHandle | undefined
  const bind = (): SessionHandle => (bound ??= getSession())

  return {
    get signal() {
      return bind().signal
    },
    fetch: (input, init) => bind().fetch(input, init),
    api: interceptCalls(
      () => bind().api,
      (call, input, options) => call(input, options),
    ),
  }
}
