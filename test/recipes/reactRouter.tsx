import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createBrowserRouter, Link, Outlet, redirect, RouterProvider } from 'react-router'
import {
  AuthProvider,
  createAuthClient,
  isSessionEndedError,
  isSignedOutError,
  SignedIn,
  useLogin,
  useLogout,
  useSession,
} from 'signoff'

const queryClient = new QueryClient()
export const authClient = createAuthClient<{ email: string }>({ baseUrl: '/api', queryClient })

/** Loads the user into the query cache, or sends the visitor to the login. Returns nothing for the router to keep. */
const requireUser = async () => {
  try {
    await queryClient.ensureQueryData(authClient.userOptions)
    return null
  } catch (error) {
    if (isSignedOutError(error) || isSessionEndedError(error)) throw redirect('/login')
    throw error
  }
}

const skipWhenSignedIn = () => (authClient.getState().token === null ? null : redirect('/'))

const Private = () => (
  <SignedIn fallback={<p>Loading …</p>}>
    <Header />
    <Outlet />
  </SignedIn>
)

const Header = () => {
  const user = useQuery(authClient.userOptions)
  const logout = useLogout()
  return (
    <header>
      {user.data?.email} <Link to="/notes">Notes</Link>
      <button onClick={() => logout.mutate()}>Log out</button>
    </header>
  )
}

const Notes = () => {
  const { api } = useSession()
  const notes = useQuery({
    queryKey: ['notes'],
    queryFn: ({ signal }) => api.get('notes', { signal }).json<string[]>(),
  })
  return <main>{notes.data?.join(', ')}</main>
}

const Login = () => {
  const login = useLogin()
  const logIn = () => login.mutate({ email: 'ada@example.com', password: 'secret' })
  return <button onClick={logIn}>Log in</button>
}

export const router = createBrowserRouter([
  {
    HydrateFallback: () => <p>Loading …</p>,
    children: [
      { path: '/login', loader: skipWhenSignedIn, Component: Login },
      {
        loader: requireUser,
        Component: Private,
        children: [
          { path: '/', element: <main>Home</main> },
          { path: '/notes', Component: Notes },
        ],
      },
    ],
  },
])

// Another session, or none: the loaders decide again where the visitor belongs.
let { token } = authClient.getState()
authClient.subscribe(() => {
  if (authClient.getState().token === token) return
  token = authClient.getState().token
  void router.revalidate()
})

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <AuthProvider client={authClient}>
      <RouterProvider router={router} />
    </AuthProvider>
  </QueryClientProvider>
)
