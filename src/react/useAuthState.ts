'use client'
import { useSyncExternalStore } from 'react'
import { type AuthState, serverState } from '../core/AuthState.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * A part of the state of the client from context. Re-renders when it changes (`Object.is`).
 *
 * @param pick - Returns the same for the same state.
 */
export const useAuthState = <TPart>(pick: (state: AuthState<RegisteredUser>) => TPart): TPart => {
  const client = useAuthClient()
  return useSyncExternalStore(
    client.subscribe,
    () => pick(client.getState()),
    () => pick(serverState),
  )
}
