import { QueryClient } from '@tanstack/react-query'

export const queryClient = new QueryClient()

/** Sends a request to the API: a `POST` where there is something to send. */
export const request = async <T>(path: string, json?: object): Promise<T> => {
  const response = await fetch(`/api/${path}`, {
    method: json ? 'POST' : 'GET',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${localStorage.getItem('token')}`,
    },
    ...(json && { body: JSON.stringify(json) }),
  })
  if (!response.ok) throw new Error(`${path} failed: ${response.status}`)
  const body = (await response.json()) as T & { token?: string }
  if (body.token) localStorage.setItem('token', body.token)
  return body
}
