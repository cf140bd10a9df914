import { useMutation, useQuery } from '@tanstack/react-query'
import { type Credentials, queryClient, request, type User } from './api.ts'

interface Answer {
  user: User & { token: string }
}

const setSession = ({ user }: Answer) => {
  localStorage.setItem('jwt', user.token)
  queryClient.setQueryData(['user'], user)
}

export const useUser = (): User | null | undefined =>
  useQuery({
    queryKey: ['user'],
    queryFn: async () => (localStorage.getItem('jwt') ? (await request<Answer>('user')).user : null),
    staleTime: Infinity,
  }).data

export const useLogin = () =>
  useMutation({
    mutationFn: (user: Credentials) => request<Answer>('users/login', 'POST', { user }),
    onSuccess: setSession,
  })

export const useLogout = () => () => {
  localStorage.removeItem('jwt')
  queryClient.setQueryData(['user'], null)
}
