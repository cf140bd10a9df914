import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'

export const queryClient = new QueryClient()
export const authClient = createAuthClient({ baseUrl: '/api', queryClient })

/** Sends a request to the API: a `POST` where there is something to send. */
export const request = async <T>(path: string, json?: object): Promise<T> => {
  const { fetch } = authClient.getSession()
  const response = await fetch(`/api/${path}`, {
    method: json ? 'POST' : 'GET',
    headers: {
      'Content-Type': 'application/json',
    },
    ...(json && { body: JSON.stringify(json) }),
  })
  if (!response.ok) throw new Error(`${path} failed: ${response.status}`)
  return response.json() as Promise<T>
}
