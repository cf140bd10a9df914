import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { configureAuth } from 'react-query-auth'
import { openPage } from '../page/openPage.tsx'
import { get, logIn, logOut, readUser, type User } from './bearer.ts'

const queryClient = new QueryClient()

const { AuthLoader, useLogout, useUser } = configureAuth<User | null, Error, void, void>({
  userFn: readUser,
  loginFn: logIn,
  registerFn: logIn,
  logoutFn: logOut,
})

openPage({
  queryClient,
  Providers: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  Guard: ({ children }) => (
    <AuthLoader renderLoading={() => <p>Loading</p>} renderUnauthenticated={() => <p>Log in</p>}>
      {children}
    </AuthLoader>
  ),
  useName: () => useUser().data?.name ?? null,
  useLogout: () => {
    // Its README says that the hook removes the user from the cache on success, and neither there nor in its example is
    // anything else cleared: the other queries stay.
    const { mutate } = useLogout()
    return () => mutate({})
  },
  logIn: async () => queryClient.setQueryData(['authenticated-user'], await logIn()),
  get,
})
