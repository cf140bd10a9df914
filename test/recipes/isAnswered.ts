/** Asks an API, past signoff, whether it answers to a token. */
export const isAnswered = async (url: string, token: string, init: RequestInit = {}): Promise<boolean> => {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json', ...init.headers }
  const response = await fetch(url, { ...init, headers })
  const text = await response.text()
  return response.ok && text !== 'null'
}
