'use client'
import type { UseMutationOptions, UseMutationResult } from '@tanstack/react-query'
import type { AuthSession } from '../core/AuthClient.ts'
import type { RegisteredDetails, RegisteredUser } from '../Register.ts'
import { useAuthClient } from './AuthProvider.tsx'
import { useSessionMutation } from './useSessionMutation.ts'

/** Options of {@link useRegister}: those of `useMutation` except `mutationFn`, `gcTime` and `networkMode`. */
export type UseRegisterOptions<TContext = unknown> = Omit<
  UseMutationOptions<AuthSession<RegisteredUser>, Error, RegisteredDetails, TContext>,
  'mutationFn' | 'gcTime' | 'networkMode'
>

/**
 * Registers and logs in: a TanStack mutation over `authClient.register()`; `data` is `{ user, token }`.
 *
 * Fails with a `RequestError` or `SessionEndedError`. Does not keep the details once it has settled.
 */
export const useRegister = <TContext = unknown>(
  options?: UseRegisterOptions<TContext>,
): UseMutationResult<AuthSession<RegisteredUser>, Error, RegisteredDetails, TContext> =>
  useSessionMutation(useAuthClient().register, options)
