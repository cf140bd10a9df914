import { authClient } from './auth.ts'

export const link = new URLSearchParams(location.hash.slice(1)).get('link')
if (link) history.replaceState(null, '', location.pathname + location.search)

let login: ReturnType<typeof authClient.login> | undefined
export const logInByLink = () =>
  (login ??= authClient.login(async ({ fetch }) => {
    const body = JSON.stringify({ link })
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch('/api/auth/link', { method: 'POST', headers, body })
    if (!response.ok) throw new Error('This link has been used, or is too old')
    return (await response.json()) as { token: string }
  }))
