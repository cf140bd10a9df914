'use client'
import type { UseMutationOptions, UseMutationResult } from '@tanstack/react-query'
import type { AuthSession } from '../core/AuthClient.ts'
import type { RegisteredCredentials, RegisteredUser } from '../Register.ts'
import { useAuthClient } from './AuthProvider.tsx'
import { useSessionMutation } from './useSessionMutation.ts'

/** Options of {@link useLogin}: those of `useMutation` except `mutationFn`, `gcTime` and `networkMode`. */
export type UseLoginOptions<TContext = unknown> = Omit<
  UseMutationOptions<AuthSession<RegisteredUser>, Error, RegisteredCredentials, TContext>,
  'mutationFn' | 'gcTime' | 'networkMode'
>

/**
 * Logs in: a TanStack mutation over `authClient.login()`; `data` is `{ user, token }`.
 *
 * Fails with a `RequestError` or `SessionEndedError`. Does not keep the credentials once it has settled.
 */
export const useLogin = <TContext = unknown>(
  options?: UseLoginOptions<TContext>,
): UseMutationResult<AuthSession<RegisteredUser>, Error, RegisteredCredentials, TContext> =>
  useSessionMutation(useAuthClient().login, options)
