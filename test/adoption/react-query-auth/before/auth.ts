import { configureAuth } from 'react-query-auth'
import { request } from './api.ts'

export const { useUser, useLogin, useLogout } = configureAuth({
  userFn: async () => (localStorage.getItem('token') ? request<object>('auth/user') : null),
  loginFn: async (json: object) => (await request<{ user: object }>('auth/login', json)).user,
  registerFn: async (json: object) => (await request<{ user: object }>('auth/register', json)).user,
  logoutFn: async () => localStorage.removeItem('token'),
})
