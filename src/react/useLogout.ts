'use client'
import type { UseMutationResult } from '@tanstack/react-query'
import type { LogoutOptions, LogoutResult } from '../client/AuthClient.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuthClient } from './useAuthClient.ts'
import { useSessionMutation, type UseSessionMutationOptions } from './useSessionMutation.ts'

/**
 * Logs out: a TanStack mutation over `authClient.logout()`; `data` is a `LogoutResult`. `mutate` takes what `logout` takes.
 *
 * Never fails. The result says what the server said. It lives as long as this component, at most until the next session
 * begins.
 */
export const useLogout = <TContext = unknown>(
  options?: UseSessionMutationOptions<LogoutResult<RegisteredUser>, LogoutOptions | void, TContext>,
): UseMutationResult<LogoutResult<RegisteredUser>, Error, LogoutOptions | void, TContext> =>
  // The client notices the mutation when it is made, in the caller's own tick, so nothing delays the logout.
  useSessionMutation(useAuthClient().logout, options)
