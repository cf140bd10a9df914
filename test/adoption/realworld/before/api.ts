import { QueryClient } from '@tanstack/react-query'

export interface User {
  username: string
  email: string
}

export interface Credentials {
  email: string
  password: string
}

export const queryClient = new QueryClient()

export const request = async <T>(path: string, method = 'GET', json?: object): Promise<T> => {
  const token = localStorage.getItem('jwt')
  const response = await fetch(`/api/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Token ${token}` }) },
    ...(json && { body: JSON.stringify(json) }),
  })
  if (!response.ok) throw new Error(`${path} failed: ${response.status}`)
  return response.json() as Promise<T>
}
