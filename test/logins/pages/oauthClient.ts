import { QueryClient } from '@tanstack/react-query'
import { createAuthClient, type NewSession } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { client, issuer } from './oauthBegin.ts'

type Tokens = Pick<NewSession<unknown>, 'token' | 'refreshToken'>
const grant_type = 'refresh_token'
const revoke = ({ token, refreshToken }: Tokens) => ({ ...client, token: refreshToken ?? token })
const refresh = ({ refreshToken: refresh_token }: Tokens) => ({ ...client, grant_type, refresh_token })

export const queryClient = new QueryClient()
export const authClient = createAuthClient({
  baseUrl: '/api',
  queryClient,
  endpoints: { user: 'me', logout: { path: `${issuer}token/revocation`, encoding: 'form', body: revoke } },
  refresh: tokenRefresh({ endpoint: { path: `${issuer}token`, encoding: 'form', body: refresh } }),
})
