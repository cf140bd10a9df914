import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { listen, type LoopbackServer } from '../recipes/listen.ts'

export interface OpenProvider extends LoopbackServer {
  /** Who a living access token belongs to. */
  whose: (token: string | undefined) => Promise<string | undefined>
  /** The access and refresh tokens that it has issued, and that live. */
  living: () => Promise<string[]>
  /** Ends the life of an access token, as time does. */
  expire: (token: string) => Promise<void>
  /** How many codes it was sent. */
  exchanges: () => number
  /** How many refresh tokens were used. */
  refreshes: () => number
  /** How many were used a second time, which ends all that their login has brought. */
  reuses: () => number
  /** Uses a refresh token past the app, and returns the status of the answer. */
  use: (refreshToken: string) => Promise<number>
}

/** It tells developers, at every start, what they have not configured. */
const hushHints = (): void => {
  for (const level of ['info', 'warn'] as const) {
    const { [level]: write } = console
    console[level] = (...given: unknown[]) => {
      if (!String(given[0]).includes('oidc-provider ')) write(...given)
    }
  }
}

/** oidc-provider, with the login page that it brings for development: any name and password will do. */
export const openProvider = async (): Promise<OpenProvider> => {
  hushHints()
  const provider = new Provider('https://login.example.com', {
    clients: [
      {
        client_id: 'my-app',
        redirect_uris: ['https://app.example.com/callback', 'https://app.example.com/popup.html'],
        post_logout_redirect_uris: ['https://app.example.com/'],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    issueRefreshToken: async () => true,
    features: { revocation: { enabled: true } },
    clientBasedCORS: (_context, origin) => origin === 'https://app.example.com',
  })
  // TLS ends before it.
  provider.proxy = true
  const issued = new Map<string, 'AccessToken' | 'RefreshToken'>()
  provider.on('access_token.saved', ({ jti }) => issued.set(jti, 'AccessToken'))
  provider.on('refresh_token.saved', ({ jti }) => issued.set(jti, 'RefreshToken'))
  const isAlive = async ([token, kind]: [string, 'AccessToken' | 'RefreshToken']) => {
    const { AccessToken, RefreshToken } = provider
    const found = await (kind === 'AccessToken' ? AccessToken.find(token) : RefreshToken.find(token))
    return found?.isValid ? [token] : []
  }
  let exchanges = 0
  let refreshes = 0
  provider.on('authorization_code.consumed', () => {
    exchanges += 1
  })
  provider.on('refresh_token.consumed', () => {
    refreshes += 1
  })
  let reuses = 0
  provider.on('grant.error', (_context, { error_detail: detail }) => {
    if (detail === 'refresh token already used') reuses += 1
  })
  const server = createServer(provider.callback())
  const { origin, close } = await listen(server)
  return {
    origin,
    close,
    whose: async (token) => (token ? (await provider.AccessToken.find(token))?.accountId : undefined),
    living: async () => (await Promise.all([...issued].map(isAlive))).flat(),
    expire: async (token) => (await provider.AccessToken.find(token))?.destroy(),
    exchanges: () => exchanges,
    refreshes: () => refreshes,
    reuses: () => reuses,
    use: async (refreshToken) => {
      const form = { client_id: 'my-app', grant_type: 'refresh_token', refresh_token: refreshToken }
      const headers = { 'X-Forwarded-Proto': 'https' }
      return (await fetch(`${origin}/token`, { method: 'POST', headers, body: new URLSearchParams(form) }))
        .status
    },
  }
}
