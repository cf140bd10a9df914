import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'
import { trackedFetch } from './requests.ts'

export interface User {
  id: string
  firstName: string
  lastName: string | null
  email: string
}

export interface Credentials {
  email: string
  password: string
}

export interface Details extends Credentials {
  firstName: string
  lastName?: string
}

export const queryClient = new QueryClient({
  // ky retries on its own. Twice as many layers would only hide a failure for longer.
  defaultOptions: { queries: { retry: false } },
})

export const authClient = createAuthClient<User, Credentials, Details>({
  baseUrl: '/api',
  queryClient,
  fetch: trackedFetch,
})

declare module 'signoff' {
  interface Register {
    client: typeof authClient
  }
}
