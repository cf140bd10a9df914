import type { KyInstance, ResponsePromise } from 'ky'

/** Sends a call of a ky instance. */
export type Call = (input: unknown, options: unknown) => ResponsePromise

/**
 * Intercepts each call of a ky instance, and of all instances that its `extend` makes.
 *
 * @param getInstance - Is not called before the instance is used, because a page that starts should not wait for it.
 */
export const interceptCalls = (
  getInstance: () => KyInstance,
  intercept: (call: Call, input: unknown, options: unknown) => ResponsePromise,
): KyInstance => {
  const wrap =
    (call: Call): Call =>
    (input, options) =>
      intercept(call, input, options)

  return new Proxy((() => {}) as unknown as KyInstance, {
    apply: (_target, _self, [input, options]) => intercept(getInstance() as Call, input, options),
    get: (_target, name) => {
      const instance = getInstance()
      const member: unknown = Reflect.get(instance, name)
      if (name === 'extend')
        return (options: Parameters<KyInstance['extend']>[0]) => {
          const extended = instance.extend(options)
          return interceptCalls(() => extended, intercept)
        }
      return typeof member === 'function' && name !== 'create' && name !== 'retry'
        ? wrap(member as Call)
        : member
    },
  })
}
