import type { KyInstance } from 'ky'
import type { SessionHandle } from './createSessionHandles.ts'

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
    api: new Proxy((() => {}) as unknown as KyInstance, {
      apply: (_target, self, given) => Reflect.apply(bind().api, self, given),
      get: (_target, name) => Reflect.get(bind().api, name) as unknown,
    }),
  }
}
