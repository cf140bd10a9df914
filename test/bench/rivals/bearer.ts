/** A token in `localStorage`, as the documentations of libraries without a storage of their own show it. */
const readToken = (): string => localStorage.getItem('token') ?? ''

export interface User {
  id: string
  name: string
}

/** Sends a request with the token, and fails where the API refuses. */
export const request = async <T>(path: string, options: RequestInit = {}): Promise<T> => {
  const token = readToken()
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
  const response = await fetch(`/api/${path}`, { ...options, headers })
  if (!response.ok) throw new Error(response.statusText)
  return (await response.json()) as T
}

export const logIn = async (): Promise<User> => {
  const body = JSON.stringify({ email: 'ada@example.com', password: 'correct horse' })
  const { user, token } = await request<{ user: User; token: string }>('auth/login', { method: 'POST', body })
  localStorage.setItem('token', token)
  return user
}

/** First the server, then the token: as all of them show it. */
export const logOut = async (): Promise<void> => {
  await request('auth/logout', { method: 'POST' })
  localStorage.removeItem('token')
}

export const readUser = async (): Promise<User | null> => (readToken() ? request<User>('auth/user') : null)

export const get = (path: string, signal: AbortSignal): Promise<string> => request(path, { signal })
