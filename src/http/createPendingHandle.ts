import type { KyInstance } from 'ky'
import type { SessionHandle } from './createSessionHandles.ts'

/**
 * The handle for a render in which it is not yet known whose the session is (on a server, or the first one that hydrates
 * it): reads nothing until it is first used, and is bound from then on.
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
