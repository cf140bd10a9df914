'use client'
import type { UseMutationOptions, UseMutationResult } from '@tanstack/react-query'
import type { LogoutResult } from '../core/AuthClient.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuthClient } from './AuthProvider.tsx'
import { useSessionMutation } from './useSessionMutation.ts'

/** Options of {@link useLogout}: those of `useMutation` except `mutationFn`, `gcTime` and `networkMode`. */
export type UseLogoutOptions<TContext = unknown> = Omit<
  UseMutationOptions<LogoutResult<RegisteredUser>, Error, void, TContext>,
  'mutationFn' | 'gcTime' | 'networkMode'
>

/**
 * Logs out: a TanStack mutation over `authClient.logout()`; `data` is a `LogoutResult`.
 *
 * Never fails: what the server said is in the result, which lives as long as this component, at most until the next
 * session begins.
 */
export const useLogout = <TContext = unknown>(
  options?: UseLogoutOptions<TContext>,
): UseMutationResult<LogoutResult<RegisteredUser>, Error, void, TContext> => {
  const { logout } = useAuthClient()
  return useSessionMutation(logout, {
    ...options,
    // The one callback that runs in the caller's own tick: nothing delays the logout, which the mutation then joins.
    onMutate: (...context) => {
      void logout()
      return options?.onMutate?.(...context) as TContext
    },
  })
}
