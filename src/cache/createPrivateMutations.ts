import type { Mutation, MutationCache } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { type SessionEndReason, SessionEndedError } from '../errors/SessionEndedError.ts'
import { createMutationLedger } from '../tanstack/createMutationLedger.ts'

/** The login or logout that a mutation asks for: one, however often the mutation tries. */
export interface OwnCall {
  /** Starts it in the caller's own tick, before any callback of the mutation. */
  start: () => void
  run: (variables: unknown) => Promise<unknown>
  /** Whether its mutation stays when all others are forgotten. */
  isKept: (isPending: boolean) => boolean
}

/** For each of the client's own functions: makes the call for a mutation that uses it. */
export type OwnCalls = Map<unknown, () => OwnCall>

export interface PrivateMutations {
  /** Forgets every private mutation except the logout that is under way and the login that follows. */
  forget: (reason: SessionEndReason) => void
  /** Drops the results of logouts, because another user's session begins. */
  forgetLogouts: () => void
  /** Follows the mutation cache. Returns a function that stops that. */
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
          // The password is no longer needed here: it has been used, or the call itself holds it.
          if (!isPending || (isPaused && variables)) safely(() => ledger.dropVariables(event))
          if (!isPending && !ledger.hasObservers(mutation)) safely(() => ledger.detach([mutation]))
        },
        onLate,
      ),
  }
}
