import type { Mutation } from '@tanstack/react-query'
import { isForgotten } from './guardCallbacks.ts'

/** Of each mutation that is guarded: lets whoever awaits it hear of a failure. */
const refusals = new WeakMap<Mutation, (error: Error) => void>()

export const isGuarded = (mutation: Mutation): boolean => refusals.has(mutation)

/** Lets whoever awaits a guarded mutation hear of a failure at once, whatever becomes of it. */
export const refuse = (mutation: Mutation, error: Error): void => refusals.get(mutation)?.(error)

/**
 * Guards a mutation, once, before it is executed: whoever awaits it can be refused, although it is paused, waits for its
 * next try, or runs a function that goes on. One that is marked as forgotten tries no more.
 */
export const guardExecution = (mutation: Mutation): void => {
  // A TanStack that keeps the options to itself is none that could be guarded.
  if (isGuarded(mutation) || !mutation.options) return
  refusals.set(mutation, () => {})
  const { execute } = mutation
  mutation.execute = (variables) => {
    const { options } = mutation
    const { retry = 0 } = options
    const bounded: typeof options = {
      ...options,
      retry: (count, error) => {
        if (isForgotten(mutation)) return false
        return typeof retry === 'function' ? retry(count, error) : retry === true || count < Number(retry)
      },
    }
    const outcome = new Promise<unknown>((resolve, reject) => {
      refusals.set(mutation, (error) => {
        reject(error)
      })
      // TanStack reads it at once, and only once.
      mutation.options = bounded
      execute.call(mutation, variables).then(resolve, reject)
      if (mutation.options === bounded) mutation.options = options
    })
    // Perhaps nobody awaits it, because it would not have settled.
    outcome.catch(() => {})
    return outcome
  }
}
