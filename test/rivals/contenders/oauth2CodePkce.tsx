import { expose } from './expose.ts'
import { useContext } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { AuthContext, AuthProvider, type IAuthContext, type TAuthConfig } from 'react-oauth2-code-pkce'

let current: IAuthContext | undefined
let isExpired = false

const authConfig: TAuthConfig = {
  clientId: 'my-app',
  authorizationEndpoint: `${location.origin}/api/oauth/authorize`,
  tokenEndpoint: `${location.origin}/api/oauth/token`,
  redirectUri: location.origin + location.pathname,
  autoLogin: false,
  decodeToken: false,
  onRefreshTokenExpire: () => {
    isExpired = true
  },
}

const Page = () => {
  current = useContext(AuthContext)
  return null
}

const root = createRoot(document.body.appendChild(document.createElement('div')))

flushSync(() =>
  root.render(
    <AuthProvider authConfig={authConfig}>
      <Page />
    </AuthProvider>,
  ),
)

expose({
  logIn: async () => current?.logIn(),
  // It refreshes in the background: a request takes what token there is.
  ask: async () =>
    (await fetch('/api/notes', { headers: { Authorization: `Bearer ${current?.token}` } })).status,
  isSignedOut: () => isExpired || (!current?.token && !current?.loginInProgress),
})
