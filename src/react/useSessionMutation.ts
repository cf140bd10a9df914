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

/**
 * The mutation of login, register and logout: it does not outlive its component, and waits for no network.
 *
 * @param options - Their callbacks may know less of the variables than `mutate` takes.
 */
export const useSessionMutation = <TData, TVariables, TContext>(
  mutationFn: (variables: TVariables) => Promise<TData>,
  options: UseSessionMutationOptions<TData, never, TContext> | undefined,
): UseMutationResult<TData, Error, TVariables, TContext> =>
  useMutation({
    ...(options as UseSessionMutationOptions<TData, TVariables, TContext> | undefined),
    mutationFn,
    gcTime: 0,
    networkMode: 'always',
  })
