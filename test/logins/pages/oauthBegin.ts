import * as oauth from 'oauth4webapi'

export const issuer = new URL('https://login.example.com')
export const client = { client_id: 'my-app' }
export const discover = async () =>
  oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer))

export const begin = async (redirect_uri: string) => {
  const { authorization_endpoint } = await discover()
  const verifier = oauth.generateRandomCodeVerifier()
  const code_challenge = await oauth.calculatePKCECodeChallenge(verifier)
  const state = oauth.generateRandomState()
  const asked = { ...client, redirect_uri, state, code_challenge, scope: 'openid' }
  const query = new URLSearchParams({ ...asked, response_type: 'code', code_challenge_method: 'S256' })
  return { url: `${authorization_endpoint}?${query}`, login: { redirect_uri, state, verifier } }
}
export type Begun = Awaited<ReturnType<typeof begin>>['login']
