import type { Mutation, MutationCache } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { type SessionEndReason, SessionEndedError } from '../errors/SessionEndedError.ts'
import { createMutationLedger } from '../tanstack/createMutationLedger.ts'
import type { IsPublic } from './createIsPublic.ts'

/** The login or logout that a mutation asks for: one, however often the mutation tries. */
export interface OwnCall {
  /** Starts it in the caller's own tick, before any callback of the mutation. Does not throw. */
  start: (variables: unknown) => void
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
  /** Finds mutations that wait for one of the client's own functions from before the watch. Call it when that has begun. */
  adopt: () => void
  /**
   * One of the client's own functions has been called. If a mutation has called it, from before the watch or by a function of
   * the app's own that hands on what it was called with, returns the call, as which that mutation goes on.
   *
   * @param start - Begins the watch, unless it has begun.
   */
  findCall: (mutationFn: unknown, variables: unknown, start: () => void) => OwnCall | undefined
  /** Whether a state is that of a login or logout. */
  isOwnCall: (state: unknown) => boolean
  /** Does an act once no login or logout of a mutation's is under way: now or later. */
  afterOwn: (act: () => void) => void
  /** Follows the mutation cache. Returns a function that stops that. */
  watch: () => () => void
}

const isRunning = ({ state }: Mutation): boolean => state.status === 'pending'

/**
 * The mutations of the user: all that are not public.
 *
 * @param whose - Whose what is added now is: nobody's, or perhaps that of a session that has just ended.
 * @param onLate - One of an ended session has settled.
 */
export const createPrivateMutations = (
  cache: MutationCache,
  isPublic: IsPublic,
  ownCalls: OwnCalls,
  whose: { isNobodys: () => boolean; getHeld: () => unknown },
  onLate: () => void,
): PrivateMutations => {
  const ledger = createMutationLedger(cache)
  const calls = new WeakMap<Mutation, OwnCall>()
  const started = new WeakSet<Mutation>()
  /** A mutation from before the client listened has no call of its own. Its function tells what it is. */
  const isKept = (mutation: Mutation, isPending: boolean): boolean | undefined =>
    calls.get(mutation)?.isKept(isPending) ?? (isPending && ownCalls.has(mutation.options?.mutationFn))

  const isForgotten = (mutation: Mutation): boolean =>
    !isKept(mutation, isRunning(mutation)) && isPublic(mutation) !== true

  const take = (mutation: Mutation, call: OwnCall): void => {
    calls.set(mutation, call)
    ledger.replaceFunction(mutation, call.run)
  }

  /** Once it is known what it was called with. */
  const begin = (mutation: Mutation): void => {
    if (started.has(mutation)) return
    started.add(mutation)
    calls.get(mutation)?.start(mutation.state.variables)
  }

  let waiting: (() => void) | undefined
  const finishWaiting = (): void => {
    if (ledger.getAll().some((mutation) => calls.has(mutation) && isRunning(mutation))) return
    waiting?.()
    waiting = undefined
  }

  return {
    adopt: () => {
      for (const mutation of ledger.getAll()) {
        const call =
          isRunning(mutation) && !calls.has(mutation) && ownCalls.get(mutation.options.mutationFn)?.()
        if (!call) continue
        take(mutation, call)
        begin(mutation)
      }
    },

    findCall: (mutationFn, variables, start) => {
      const caller = ledger
        .getAll()
        .find((each) => isRunning(each) && !calls.has(each) && each.state.variables === variables)
      start()
      if (!caller) return undefined
      if (!calls.has(caller)) {
        calls.set(caller, (ownCalls.get(mutationFn) as () => OwnCall)())
        begin(caller)
      }
      return calls.get(caller)
    },

    isOwnCall: (state) =>
      ledger
        .getAll()
        .some((each) => each.state === state && (calls.has(each) || ownCalls.has(each.options?.mutationFn))),

    afterOwn: (act) => {
      waiting = act
      finishWaiting()
    },

    forget: (reason) =>
      ledger.forget(ledger.getAll().filter(isForgotten), () => new SessionEndedError(reason)),

    forgetLogouts: () => ledger.detach(ledger.getAll().filter((mutation) => isKept(mutation, false))),

    watch: () =>
      ledger.watch(
        (mutation) => {
          const call = ownCalls.get(mutation.options?.mutationFn)?.()
          if (!call) {
            // One that is pending as it is added comes out of a copy.
            if (
              isPublic(mutation) !== true &&
              (whose.getHeld() || (whose.isNobodys() && isRunning(mutation)))
            )
              ledger.forget([mutation], () => new SessionEndedError('replaced'))
            return
          }
          take(mutation, call)
        },
        (event) => {
          const { mutation } = event
          // One from before the client listened has no call.
          if (!calls.has(mutation) && !ownCalls.has(mutation.options?.mutationFn)) return
          const { isPaused, variables } = mutation.state
          const isPending = isRunning(mutation)
          if (isPending) begin(mutation)
          safely(() => ledger.releaseEarly(mutation))
          // The password is no longer needed here: it has been used, or the call itself holds it.
          if (!isPending || (isPaused && variables)) safely(() => ledger.dropVariables(event))
          if (!isPending && !ledger.hasObservers(mutation)) safely(() => ledger.detach([mutation]))
          if (!isPending) finishWaiting()
        },
        onLate,
      ),
  }
}
