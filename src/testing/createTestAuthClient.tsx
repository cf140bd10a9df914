import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { JSX, ReactNode } from 'react'
import type { AuthClient } from '../client/AuthClient.ts'
import type { AuthClientOptions } from '../client/AuthClientOptions.ts'
import { createAuthClient } from '../client/createAuthClient.ts'
import { memoryStorage } from '../browser/TokenStorage.ts'
import type { Endpoints } from '../http/Endpoint.ts'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import { AuthProvider } from '../react/AuthProvider.tsx'
import type { RegisteredCredentials, RegisteredDetails, RegisteredUser } from '../Register.ts'
import { createTestApi, type TestApi } from './createTestApi.ts'
import type { GivenUser } from './TestRequest.ts'

/** Options of `createTestAuthClient`: those of `createAuthClient`, and who is signed in to which API. */
export interface TestAuthClientOptions<TUser = RegisteredUser> extends Omit<
  AuthClientOptions<TUser>,
  'baseUrl' | 'endpoints' | 'fetch' | 'queryClient'
> {
  /** Who is signed in from the start. Default: nobody. */
  user?: GivenUser<TUser> | null
  /** The API of the client. Default: an API of its own, to which the same user can log in. */
  api?: TestApi<TUser>
  /** Default: a query client of its own, which does not retry queries and sets no timers. */
  queryClient?: QueryClient
}

/** An `AuthClient`, with a wrapper for the components of a test. */
export interface TestAuthClient<
  TUser = RegisteredUser,
  TCredentials = RegisteredCredentials,
  TDetails = RegisteredDetails,
> extends AuthClient<TUser, TCredentials, TDetails> {
  readonly queryClient: QueryClient
  /** `<QueryClientProvider>` and `<AuthProvider>`, for the `wrapper` option of Testing Library's `render`. */
  readonly wrapper: (props: { children?: ReactNode }) => JSX.Element
}

const createTestQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, retryDelay: 100, gcTime: Infinity },
      mutations: { gcTime: Infinity },
    },
  })

/**
 * Makes a real client that is signed in at once, as anyone, without a server: nothing is restored first, and nothing
 * leaves the process. The token is kept in memory. For tests only.
 *
 * Requests through `api` are not retried, and `timeout` is 500 milliseconds by default. So the effect of an API that fails
 * or hangs shows within the second for which Testing Library waits.
 */
export const createTestAuthClient = <
  TUser = RegisteredUser,
  TCredentials = RegisteredCredentials,
  TDetails = RegisteredDetails,
>(
  options: TestAuthClientOptions<TUser> = {},
): TestAuthClient<TUser, TCredentials, TDetails> => {
  const { user = null, queryClient = createTestQueryClient(), ...own } = options
  const { api = createTestApi<TUser>(user ? { user } : {}) } = options
  const { baseUrl, endpoints, fetch } = api

  const client = createAuthClient<TUser, TCredentials, TDetails>({
    storage: memoryStorage(),
    timeout: 500,
    ...own,
    baseUrl,
    endpoints: endpoints as Partial<Endpoints<TCredentials, TDetails>>,
    fetch,
    queryClient,
  })
  if (user) client.setSession(api.createSession(user))

  const handles = new WeakMap<SessionHandle, SessionHandle>()
  const getSession = (): SessionHandle => {
    const session = client.getSession()
    const handle = handles.get(session) ?? { ...session, api: session.api.extend({ retry: 0 }) }
    handles.set(session, handle)
    return handle
  }

  const authClient: TestAuthClient<TUser, TCredentials, TDetails> = {
    ...client,
    api: client.api.extend({ retry: 0 }),
    getSession,
    queryClient,
    wrapper: ({ children }) => (
      <QueryClientProvider client={queryClient}>
        <AuthProvider client={authClient}>{children}</AuthProvider>
      </QueryClientProvider>
    ),
  }
  return authClient
}
