import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach } from 'vitest'
import { AuthProvider, createAuthClient, type AuthClientOptions } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import type { TestUser } from './apiServer.ts'

export interface Credentials {
  email: string
  password: string
}

/** `--mode refresh` runs the same files with short-lived tokens configured. */
const refresh = process.env['REFRESH'] ? { refresh: tokenRefresh() } : {}

/** A client as an app makes it, with a query client of its own that is cleared after the test. */
export const makeClient = (
  options: Omit<AuthClientOptions<TestUser>, 'queryClient'> & { queryClient?: QueryClient },
) => {
  const queryClient =
    options.queryClient ?? new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const client = createAuthClient<TestUser, Credentials, Credentials>({ ...refresh, ...options, queryClient })
  afterEach(() => queryClient.clear())
  return { client, queryClient }
}

/** @param wrap - Puts something around all of it: React does not double the first effects of a `<StrictMode>` further down. */
export const renderApp = (
  { client, queryClient }: ReturnType<typeof makeClient>,
  children: ReactNode,
  wrap: (page: ReactNode) => ReactNode = (page) => page,
) =>
  render(
    wrap(
      <QueryClientProvider client={queryClient}>
        <AuthProvider client={client}>{children}</AuthProvider>
      </QueryClientProvider>,
    ),
  )

export const ada: Credentials = { email: 'ada@example.com', password: 'correct horse' }
export const bob: Credentials = { email: 'bob@example.com', password: 'battery staple' }
