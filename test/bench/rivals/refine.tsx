import { Authenticated, type AuthProvider, Refine, useGetIdentity, useLogout } from '@refinedev/core'
import { QueryClient } from '@tanstack/react-query'
import { openPage } from '../page/openPage.tsx'
import { get, logIn, logOut, readUser, type User } from './bearer.ts'

const queryClient = new QueryClient()

const authProvider: AuthProvider = {
  login: async () => ({ success: Boolean(await logIn()) }),
  logout: async () => {
    await logOut()
    return { success: true }
  },
  check: async () => ({ authenticated: Boolean(localStorage.getItem('token')) }),
  onError: async () => ({}),
  getIdentity: readUser,
}

openPage({
  queryClient,
  Providers: ({ children }) => (
    <Refine
      authProvider={authProvider}
      options={{ reactQuery: { clientConfig: queryClient }, disableTelemetry: true }}
    >
      {children}
    </Refine>
  ),
  Guard: ({ children }) => (
    <Authenticated key="notes" fallback={<p>Log in</p>}>
      {children}
    </Authenticated>
  ),
  useName: () => useGetIdentity<User | null>().data?.name ?? null,
  useLogout: () => {
    // Its documentation (useLogout, Auth Provider) removes the token from the storage and redirects, and does not mention
    // the cache: the hook invalidates its own three queries, the others stay.
    const { mutate } = useLogout()
    return () => mutate()
  },
  logIn,
  get,
})
