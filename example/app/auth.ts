import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
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
  // ky already retries. If TanStack Query did too, a failure would only show later.
  defaultOptions: { queries: { retry: false } },
})

export const authClient = createAuthClient<User, Credentials, Details>({
  baseUrl: '/api',
  queryClient,
  fetch: trackedFetch,
  // The API's tokens live for a minute.
  refresh: tokenRefresh(),
})

declare module 'signoff' {
  interface Register {
    client: typeof authClient
  }
}
