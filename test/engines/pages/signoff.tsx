import { QueryClient } from '@tanstack/react-query'
import { AuthProvider, createAuthClient, SignedIn, SignedOut, useLogout, useUser } from 'signoff'
import { baseUrl, isLogoutPage, show, type User } from './Notebook.tsx'

// The notebook of somebody who installs signoff and reads its README.

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
const authClient = createAuthClient<User>({ baseUrl, queryClient })

const logIn = (email: string) => authClient.login({ email, password: 'correct horse' })

// A page that only logs out, as a link elsewhere leads to: nothing of React is on it.
if (isLogoutPage) void authClient.logout()
else {
  show(queryClient, {
    Provider: ({ children }) => <AuthProvider client={authClient}>{children}</AuthProvider>,
    SignedIn,
    SignedOut,
    useUser: () => useUser() as User | null,
    useLogIn: () => logIn,
    useLogOut: () => useLogout().mutate,
    get: (path, signal) => authClient.api.get(path, { signal }).json(),
  })
}
