'use client'
import type { UseMutationResult } from '@tanstack/react-query'
import type { AuthSession } from '../client/AuthClient.ts'
import type { RegisteredCredentials, RegisteredUser } from '../Register.ts'
import { useAuthClient } from './useAuthClient.ts'
import { useSessionMutation, type UseSessionMutationOptions } from './useSessionMutation.ts'

/**
 * Logs in: a TanStack mutation over `authClient.login()`; `data` is `{ user, token }`.
 *
 * Fails with a `RequestError` or `SessionEndedError`. Does not keep the credentials once it has settled.
 */
export const useLogin = <TContext = unknown>(
  options?: UseSessionMutationOptions<AuthSession<RegisteredUser>, RegisteredCredentials, TContext>,
): UseMutationResult<AuthSession<RegisteredUser>, Error, RegisteredCredentials, TContext> =>
  useSessionMutation(useAuthClient().login, options)
