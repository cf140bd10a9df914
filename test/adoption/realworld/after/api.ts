import { QueryClient } from '@tanstack/react-query'
import { createAuthClient, webStorage } from 'signoff'

export interface User {
  username: string
  email: string
}

export interface Credentials {
  email: string
  password: string
}

interface Answer {
  user: User & { token: string }
}

export const queryClient = new QueryClient()

const parseSession = ({ user: { token, ...user } }: Answer) => ({ token, user })

export const authClient = createAuthClient<User, Credentials>({
  baseUrl: '/api',
  queryClient,
  guests: true,
  endpoints: {
    login: { path: 'users/login', body: (user: Credentials) => ({ user }) },
    user: 'user',
    logout: null,
  },
  authorize: (headers, token) => headers.set('Authorization', `Token ${token}`),
  parseSession,
  parseUser: (body: Answer) => parseSession(body).user,
  storage: webStorage('local', 'jwt'),
})

export const request = async <T>(path: string, method = 'GET', json?: object): Promise<T> => {
  const response = await authClient.fetch(`/api/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(json && { body: JSON.stringify(json) }),
  })
  if (!response.ok) throw new Error(`${path} failed: ${response.status}`)
  return response.json() as Promise<T>
}
