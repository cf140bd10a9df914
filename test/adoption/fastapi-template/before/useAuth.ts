import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type AccessToken, loginAccessToken, readUserMe } from './client/sdk.gen.ts'

export const isLoggedIn = () => localStorage.getItem('access_token') !== null

export const useAuth = () => {
  const navigate = useNavigate()
  const { data: user } = useQuery({
    queryKey: ['currentUser'],
    queryFn: () => readUserMe(),
    enabled: isLoggedIn(),
  })

  const login = async (data: AccessToken) => {
    const response = await loginAccessToken(data)
    localStorage.setItem('access_token', response.access_token)
  }

  const loginMutation = useMutation({
    mutationFn: login,
    onSuccess: () => navigate({ to: '/' }),
  })

  const logout = () => {
    localStorage.removeItem('access_token')
    void navigate({ to: '/login' })
  }

  return { loginMutation, logout, user }
}
