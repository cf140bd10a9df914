'use client'
import { useMutation, type UseMutationOptions, type UseMutationResult } from '@tanstack/react-query'

/**
 * Options of `useLogin`, `useRegister` and `useLogout`: those of `useMutation` except `mutationFn`. `gcTime` and
 * `networkMode` are always the package's own.
 */
export type UseSessionMutationOptions<TData, TVariables, TContext> = Omit<
  UseMutationOptions<TData, Error, TVariables, TContext>,
  'mutationFn'
>

/** The mutation of login, register and logout: it does not outlive its component, and waits for no network. */
export const useSessionMutation = <TData, TVariables, TContext>(
  mutationFn: (variables: TVariables) => Promise<TData>,
  // The callbacks of a login are typed for credentials, although it takes functions too.
  options: object | undefined,
): UseMutationResult<TData, Error, TVariables, TContext> =>
  useMutation({ ...options, mutationFn, gcTime: 0, networkMode: 'always' })
