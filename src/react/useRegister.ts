'use client'
import type { UseMutationResult } from '@tanstack/react-query'
import type { AuthSession } from '../client/AuthClient.ts'
import type { RegisteredDetails, RegisteredUser } from '../Register.ts'
import { useAuthClient } from './useAuthClient.ts'
import { useSessionMutation, type UseSessionMutationOptions } from './useSessionMutation.ts'

/**
 * Registers and logs in: a TanStack mutation over `authClient.register()`; `data` is `{ user, token }`.
 *
 * Fails with a `RequestError` or `SessionEndedError`. Does not keep the details once it has settled.
 */
export const useRegister = <TContext = unknown>(
  options?: UseSessionMutationOptions<AuthSession<RegisteredUser>, RegisteredDetails, TContext>,
): UseMutationResult<AuthSession<RegisteredUser>, Error, RegisteredDetails, TContext> =>
  useSessionMutation(useAuthClient().register, options)
