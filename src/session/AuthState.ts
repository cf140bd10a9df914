import type { SignOutReason } from '../errors/SessionEndedError.ts'

/**
 * Who is signed in. `'restoring'`: a stored token is being checked (private queries may already fetch with it); or, with
 * `token: null`, the storage has not been read yet (`TokenStorage.load`), or this is a server render. `reason` is `null` if no
 * session has ended in this tab.
 */
export type AuthState<TUser = unknown> =
  | { readonly status: 'restoring'; readonly user: null; readonly token: string | null }
  | { readonly status: 'signed-in'; readonly user: TUser; readonly token: string }
  | {
      readonly status: 'signed-out'
      readonly user: null
      readonly token: null
      readonly reason: SignOutReason | null
    }

/** The state of each server render and of the first client render, so that both render the same. */
export const serverState: AuthState<never> = { status: 'restoring', user: null, token: null }
