import { startRegistration } from '@simplewebauthn/browser'
import type { SessionHandle } from 'signoff'

/** For the user who is signed in. */
export const registerPasskey = async ({ api }: SessionHandle): Promise<void> => {
  const optionsJSON = await api
    .post('passkey/new')
    .json<Parameters<typeof startRegistration>[0]['optionsJSON']>()
  await api.post('passkey', { json: await startRegistration({ optionsJSON }) })
}
