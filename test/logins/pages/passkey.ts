import { startAuthentication, WebAuthnAbortService } from '@simplewebauthn/browser'
import { authClient } from './auth.ts'

export const logInByPasskey = () =>
  authClient.login(async ({ signal, fetch }) => {
    signal.addEventListener('abort', () => WebAuthnAbortService.cancelCeremony())
    const asked = await fetch('/api/passkey/options', { method: 'POST', signal })
    if (!asked.ok) throw new Error('There is no passkey to log in with')
    const body = JSON.stringify(await startAuthentication({ optionsJSON: await asked.json() }))
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch('/api/passkey/login', { method: 'POST', headers, body })
    if (!response.ok) throw new Error('The passkey was refused')
    return (await response.json()) as { token: string }
  })
