import { configureAuth } from 'react-query-auth'
import { request } from './api.ts'

const enter = (path: string) => async (credentials: object) => {
  const { user, token } = await request<{ user: object; token: string }>(path, credentials)
  localStorage.setItem('token', token)
  return user
}

export const { useUser, useLogin, useLogout } = configureAuth({
  userFn: async () => (localStorage.getItem('token') ? request<object>('auth/user') : null),
  loginFn: enter('auth/login'),
  registerFn: enter('auth/register'),
  logoutFn: async () => localStorage.removeItem('token'),
})
