import * as oauth from 'oauth4webapi'
import { type Begun, client, discover } from './oauthBegin.ts'

export const finish = async (answer: URL, { redirect_uri, state, verifier }: Begun) => {
  const server = await discover()
  const code = oauth.validateAuthResponse(server, client, answer, state)
  const proofs = [oauth.None(), code, redirect_uri, verifier] as const
  const response = await oauth.authorizationCodeGrantRequest(server, client, ...proofs)
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response)
  const { access_token: token, refresh_token: refreshToken, expires_in: expiresIn } = tokens
  return { token, refreshToken, expiresIn }
}
