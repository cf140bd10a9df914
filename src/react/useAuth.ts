'use client'
import { useMemo, useSyncExternalStore } from 'react'
import { type AuthState, serverState } from '../session/AuthState.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuthClient } from './useAuthClient.ts'

type Selector = (state: AuthState<RegisteredUser>) => unknown

/** Selects once for each state, because React reads a snapshot more than once and expects the same object. */
const selectOnce = (selector: Selector = (state) => state): Selector => {
  let seen: AuthState<RegisteredUser> | undefined
  let selected: unknown
  return (state) => {
    if (state !== seen) selected = selector(state)
    seen = state
    return selected
  }
}

/** Who is signed in. Re-renders when that changes. */
export function useAuth(): AuthState<RegisteredUser>
/**
 * What the selector returns for the state. Re-renders only when that changes (`Object.is`).
 *
 * @param selector - Any function of the state. It may be written inline. It may return a new object each time.
 */
export function useAuth<TSelected>(selector: (state: AuthState<RegisteredUser>) => TSelected): TSelected
export function useAuth(selector?: Selector): unknown {
  const client = useAuthClient()
  const select = useMemo(() => selectOnce(selector), [selector])
  return useSyncExternalStore(
    client.subscribe,
    () => select(client.getState()),
    () => select(serverState),
  )
}
