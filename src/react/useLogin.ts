'use client'
import type { UseMutationResult } from '@tanstack/react-query'
import type { AuthSession } from '../client/AuthClient.ts'
import type { LoginFunction } from '../client/LoginFunction.ts'
import type { RegisteredCredentials, RegisteredUser } from '../Register.ts'
import { useAuthClient } from './useAuthClient.ts'
import { useSessionMutation, type UseSessionMutationOptions } from './useSessionMutation.ts'

/** What `mutate` takes: credentials, or a login of the app's own. */
type LoginVariables = RegisteredCredentials | LoginFunction<RegisteredUser>

/**
 * Logs in: a TanStack mutation over `authClient.login()`; `data` is `{ user, token }`. `mutate` takes credentials, or a
 * function, which is a login of the app's own.
 *
 * Fails with a `RequestError` or `SessionEndedError`. Does not keep the credentials once it has settled. The callbacks of a
 * login by a function get that function in the place of the credentials.
 */
export const useLogin = <TContext = unknown>(
  options?: UseSessionMutationOptions<AuthSession<RegisteredUser>, RegisteredCredentials, TContext>,
): UseMutationResult<AuthSession<RegisteredUser>, Error, LoginVariables, TContext> =>
  useSessionMutation<AuthSession<RegisteredUser>, LoginVariables, TContext>(useAuthClient().login, options)
