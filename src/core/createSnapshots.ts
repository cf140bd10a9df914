import type { AuthState } from './AuthState.ts'
import { keyOf } from './session.ts'

/** How React reads the parts of the state: made but once, as it asks for every component at every change. */
export interface Snapshots<TUser> {
  user: () => TUser | null
  token: () => string | null
  /** See {@link keyOf}. */
  key: () => ReturnType<typeof keyOf>
}

export const createSnapshots = <TUser>(getState: () => AuthState<TUser>): Snapshots<TUser> => ({
  user: () => getState().user,
  token: () => getState().token,
  key: () => keyOf(getState()),
})
