import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { authClient } from './auth.ts'
import { readUserMe } from './client/sdk.gen.ts'

export const isLoggedIn = () => localStorage.getItem('access_token') !== null

export const useAuth = () => {
  const navigate = useNavigate()
  const { data: user } = useQuery({
    queryKey: ['currentUser'],
    queryFn: () => readUserMe(),
    enabled: isLoggedIn(),
  })

  const loginMutation = useMutation({
    mutationFn: authClient.login,
    onSuccess: () => navigate({ to: '/' }),
  })

  const logout = () => {
    void authClient.logout()
    void navigate({ to: '/login' })
  }

  return { loginMutation, logout, user }
}
