import { QueryClient, QueryClientProvider, useSuspenseQuery } from '@tanstack/react-query'
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  Outlet,
  redirect,
  RouterProvider,
} from '@tanstack/react-router'
import {
  AuthProvider,
  createAuthClient,
  isSessionEndedError,
  isSignedOutError,
  type SessionHandle,
  SignedIn,
  useLogin,
  useLogout,
  useSession,
} from 'signoff'

const queryClient = new QueryClient()
export const authClient = createAuthClient<{ email: string }>({ baseUrl: '/api', queryClient })

const Loading = () => <p>Loading …</p>

const rootRoute = createRootRoute({ component: Outlet })

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  beforeLoad: () => {
    if (authClient.getState().token !== null) throw redirect({ to: '/' })
  },
  component: () => {
    const login = useLogin()
    const logIn = () => login.mutate({ email: 'ada@example.com', password: 'secret' })
    return <button onClick={logIn}>Log in</button>
  },
})

const privateRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'private',
  // Loads the user into the query cache, or sends the visitor to the login. Returns nothing for the router to keep.
  beforeLoad: async () => {
    try {
      await queryClient.ensureQueryData(authClient.userOptions)
    } catch (error) {
      if (isSignedOutError(error) || isSessionEndedError(error)) throw redirect({ to: '/login' })
      throw error
    }
  },
  component: () => (
    <SignedIn fallback={<Loading />}>
      <Header />
      <Outlet />
    </SignedIn>
  ),
})

const Header = () => {
  const user = useSuspenseQuery(authClient.userOptions)
  const logout = useLogout()
  return (
    <header>
      {user.data.email} <Link to="/notes">Notes</Link>
      <button onClick={() => logout.mutate()}>Log out</button>
    </header>
  )
}

const homeRoute = createRoute({
  getParentRoute: () => privateRoute,
  path: '/',
  component: () => <main>Home</main>,
})

const notesOptions = ({ api }: SessionHandle) => ({
  queryKey: ['notes'],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get('notes', { signal }).json<string[]>(),
})

const notesRoute = createRoute({
  getParentRoute: () => privateRoute,
  path: '/notes',
  loader: async () => {
    await queryClient.ensureQueryData(notesOptions(authClient.getSession()))
  },
  component: () => <main>{useSuspenseQuery(notesOptions(useSession())).data.join(', ')}</main>,
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([loginRoute, privateRoute.addChildren([homeRoute, notesRoute])]),
  defaultPendingComponent: Loading,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

// Another session, or none: the routes decide again where the visitor belongs, and the matches of before are dropped.
let { token } = authClient.getState()
authClient.subscribe(() => {
  if (authClient.getState().token === token) return
  token = authClient.getState().token
  void router.invalidate().then(() => router.clearCache())
})

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <AuthProvider client={authClient}>
      <RouterProvider router={router} />
    </AuthProvider>
  </QueryClientProvider>
)
