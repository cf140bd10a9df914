import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import { type ApiServer, answers, type ReceivedRequest } from '../support/openApiServer.ts'

const rpID = 'app.example.com'
const expected = { expectedOrigin: `https://${rpID}`, expectedRPID: rpID }

/** Adds passkeys to an API: `passkey/new` and `passkey` register one, `passkey/options` and `passkey/login` log in by one. */
export const answerPasskeys = (server: ApiServer): void => {
  const passkeys = new Map<string, { credential: WebAuthnCredential; email: string }>()
  /** Each is good for one answer. */
  const challenges = new Set<string>()
  const expectedChallenge = (challenge: string) => challenges.delete(challenge)

  const answer = (path: string, reply: (request: ReceivedRequest) => Promise<unknown>) =>
    server.answer(`POST /api/passkey${path}`, async (response, request) => {
      const body = await reply(request).catch(() => undefined)
      const give = body ? answers.json(body) : answers.json({ message: 'Refused' }, 401)
      give(response, request)
    })

  const emailOf = ({ token = '' }: ReceivedRequest): string => {
    const user = server.sessions.get(token)
    if (!user) throw new Error('Nobody is signed in')
    return user.email
  }

  const ask = <T extends { challenge: string }>(options: T): T => {
    challenges.add(options.challenge)
    return options
  }

  answer('/new', async (request) =>
    ask(
      await generateRegistrationOptions({
        rpName: 'Notebook',
        rpID,
        userName: emailOf(request),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
    ),
  )
  answer('', async (request) => {
    const email = emailOf(request)
    const response = JSON.parse(request.body) as RegistrationResponseJSON
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge,
      ...expected,
    })
    if (registrationInfo) passkeys.set(response.id, { credential: registrationInfo.credential, email })
    return verified && {}
  })
  answer('/options', async () =>
    ask(await generateAuthenticationOptions({ rpID, userVerification: 'required' })),
  )
  answer('/login', async (request) => {
    const response = JSON.parse(request.body) as AuthenticationResponseJSON
    const passkey = passkeys.get(response.id)
    if (!passkey) return undefined
    const { credential, email } = passkey
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge,
      ...expected,
      credential,
    })
    credential.counter = authenticationInfo.newCounter
    return verified && server.issue(email)
  })
}
