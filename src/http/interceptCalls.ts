import type { KyInstance, ResponsePromise } from 'ky'

/** Sends a call of a ky instance. */
export type Call = (input: unknown, options: unknown) => ResponsePromise

/** Intercepts each call of a ky instance, and of all instances that its `extend` makes. */
export const interceptCalls = (
  instance: KyInstance,
  intercept: (call: Call, input: unknown, options: unknown) => ResponsePromise,
): KyInstance => {
  const wrap =
    (call: Call): Call =>
    (input, options) =>
      intercept(call, input, options)

  return new Proxy(instance, {
    apply: (target, _self, [input, options]) => wrap(target as Call)(input, options),
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (name === 'extend')
        return (options: Parameters<KyInstance['extend']>[0]) =>
          interceptCalls(target.extend(options), intercept)
      // What every function has, like `call` and `bind`, calls the instance itself.
      const isCall = typeof member === 'function' && Object.hasOwn(target, name)
      return isCall && name !== 'create' && name !== 'retry' ? wrap(member as Call) : member
    },
  })
}
