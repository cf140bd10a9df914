import { QueryClient } from '@tanstack/react-query'
import { type AuthClient, createAuthClient, type TokenStorage } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'

export interface User {
  id: string
  email: string
}

export interface Credentials {
  email: string
  password: string
}

export interface Session {
  authClient: AuthClient<User, Credentials>
  queryClient: QueryClient
}

/** All that an app has of a session, from its start on. */
export const openSession = (baseUrl: string, storage: TokenStorage, hasRefresh = false): Session => {
  const queryClient = new QueryClient()
  const refresh = hasRefresh ? { refresh: tokenRefresh() } : {}
  return {
    queryClient,
    authClient: createAuthClient<User, Credentials>({ baseUrl, queryClient, storage, ...refresh }),
  }
}

declare module 'signoff' {
  interface Register {
    client: Session['authClient']
  }
}
