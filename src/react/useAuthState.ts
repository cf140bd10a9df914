'use client'
import { useSyncExternalStore } from 'react'
import { serverState } from '../core/AuthState.ts'
import { createSnapshots, type Snapshots } from '../core/createSnapshots.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuthContext } from './AuthProvider.tsx'

const serverSnapshots = createSnapshots<RegisteredUser>(() => serverState)

/** A part of the state of the client from context. Re-renders when it changes (`Object.is`). */
export const useAuthState = <TPart extends keyof Snapshots<RegisteredUser>>(
  part: TPart,
): ReturnType<Snapshots<RegisteredUser>[TPart]> => {
  const { client, snapshots } = useAuthContext()
  // What a part is follows from its name, which TypeScript does not see through the overloads of React.
  return useSyncExternalStore<unknown>(
    client.subscribe,
    snapshots[part],
    serverSnapshots[part],
  ) as ReturnType<Snapshots<RegisteredUser>[TPart]>
}
