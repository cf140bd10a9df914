'use client'
import { useMutation, type UseMutationOptions, type UseMutationResult } from '@tanstack/react-query'

/** What login, register and logout share: nothing of them is kept in the mutation cache, nothing waits for a network. */
export const useSessionMutation = <TData, TVariables, TContext>(
  mutationFn: (variables: TVariables) => Promise<TData>,
  options: Omit<UseMutationOptions<TData, Error, TVariables, TContext>, 'mutationFn'> | undefined,
): UseMutationResult<TData, Error, TVariables, TContext> =>
  useMutation({ ...options, mutationFn, gcTime: 0, networkMode: 'always' })
