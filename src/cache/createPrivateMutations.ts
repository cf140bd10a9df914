import type { Mutation, MutationCache } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { type SessionEndReason, SessionEndedError } from '../errors/SessionEndedError.ts'
import { createMutationLedger } from '../tanstack/createMutationLedger.ts'

/** A call for a login or logout that a mutation makes: one, however often the mutation tries. */
export interface OwnCall {
  /** In the caller's own tick, whatever callbacks wait for. */
  start: () => void
  run: (variables: unknown) => Promise<unknown>
  /** Whether its mutation is left alone when all others are forgotten. */
  isKept: (isPending: boolean) => boolean
}

/** Makes the calls of mutations over the client's own functions. */
export type OwnCalls = Map<unknown, () => OwnCall>

export interface PrivateMutations {
  /** Forgets every private mutation but the logout that is under way and the login that follows. */
  forget: (reason: SessionEndReason) => void
  /** Lets go of the results of logouts: another user's session begins. */
  forgetLogouts: () => void
  /** Follows the mutation cache. Returns a function that stops it. */
  watch: () => () => void
}

/**
 * The mutations of the user: all that are not public.
 *
 * @param onLate - One of an ended session has settled.
 */
export const createPrivateMutations = (
  cache: MutationCache,
  isPublic: (mutation: Mutation) => boolean,
  ownCalls: OwnCalls,
  onLate: () => void,
): PrivateMutations => {
  const ledger = createMutationLedger(cache)
  const calls = new WeakMap<Mutation, OwnCall>()
  const isKept = (mutation: Mutation, isPending: boolean): boolean | undefined =>
    calls.get(mutation)?.isKept(isPending)

  return {
    forget: (reason) =>
      ledger.forget(
        ledger
          .getAll()
          .filter(
            (mutation) => !isKept(mutation, mutation.state.status === 'pending') && !isPublic(mutation),
          ),
        () => new SessionEndedError(reason),
      ),

    forgetLogouts: () => ledger.detach(cache.getAll().filter((mutation) => isKept(mutation, false))),

    watch: () =>
      ledger.watch(
        (mutation) => {
          const call = ownCalls.get(mutation.options?.mutationFn)?.()
          if (!call) return
          calls.set(mutation, call)
          call.start()
          ledger.replaceFunction(mutation, call.run)
        },
        (event) => {
          const { mutation } = event
          if (!calls.has(mutation)) return
          const { status, isPaused, variables } = mutation.state
          const isPending = status === 'pending'
          safely(() => ledger.releaseEarly(mutation))
          // The password has done its work, or waits in the call's own hands.
          if (!isPending || (isPaused && variables)) safely(() => ledger.dropVariables(event))
          if (!isPending && !ledger.hasObservers(mutation)) safely(() => ledger.detach([mutation]))
        },
        onLate,
      ),
  }
}
