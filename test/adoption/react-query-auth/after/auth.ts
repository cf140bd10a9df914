import { useMutation, useQuery } from '@tanstack/react-query'
import { authClient } from './api.ts'

export const useUser = () => useQuery(authClient.userOptions)
export const useLogin = () => useMutation({ mutationFn: authClient.login })
export const useLogout = () => useMutation({ mutationFn: authClient.logout })
