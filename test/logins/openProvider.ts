import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { listen, type LoopbackServer } from '../recipes/listen.ts'

export interface OpenProvider extends LoopbackServer {
  /** Who a living access token belongs to. */
  whose: (token: string | undefined) => Promise<string | undefined>
  /** The access tokens that it has issued and not revoked. */
  readonly living: Set<string>
  /** How many codes it was sent. */
  readonly exchanges: () => number
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
      },
    ],
    features: { revocation: { enabled: true } },
    clientBasedCORS: (_context, origin) => origin === 'https://app.example.com',
  })
  // TLS ends before it.
  provider.proxy = true
  const living = new Set<string>()
  let exchanges = 0
  provider.on('access_token.saved', ({ jti }) => living.add(jti))
  provider.on('access_token.destroyed', ({ jti }) => living.delete(jti))
  provider.on('authorization_code.consumed', () => {
    exchanges += 1
  })
  const server = createServer(provider.callback())
  return {
    ...(await listen(server)),
    whose: async (token) => (token ? (await provider.AccessToken.find(token))?.accountId : undefined),
    living,
    exchanges: () => exchanges,
  }
}
