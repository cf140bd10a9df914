import { QueryClient, QueryClientProvider, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import {
  AuthProvider,
  createAuthClient,
  type SessionHandle,
  SignedIn,
  SignedOut,
  type TokenStorage,
  useLogin,
  useLogout,
  useSession,
} from 'signoff'

/** What an app is made of: once for each request on the server, once for the page in the browser. */
export const createApp = (baseUrl: string, storage: TokenStorage) => {
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: 10_000 } } })
  const authClient = createAuthClient<{ email: string }>({ baseUrl, queryClient, storage })

  const notesOptions = ({ api }: SessionHandle) => ({
    queryKey: ['notes'],
    queryFn: ({ signal }: { signal: AbortSignal }) => api.get('notes', { signal }).json<string[]>(),
  })
  const newsOptions = {
    queryKey: ['news'],
    queryFn: async () => (await fetch(`${baseUrl}/announcements`)).json() as Promise<string[]>,
    meta: { public: true },
  }
  return { queryClient, authClient, notesOptions, newsOptions }
}

type Parts = ReturnType<typeof createApp>

const News = ({ newsOptions }: Parts) => <p>{useSuspenseQuery(newsOptions).data.join(', ')}</p>

const Notes = ({ authClient, notesOptions }: Parts) => {
  const user = useQuery(authClient.userOptions)
  const notes = useQuery(notesOptions(useSession()))
  const logout = useLogout()
  return (
    <main>
      {user.data?.email}: {notes.data?.join(', ')}
      <button onClick={() => logout.mutate()}>Log out</button>
    </main>
  )
}

const Login = () => {
  const login = useLogin()
  return (
    <form action={(form: FormData) => login.mutate(Object.fromEntries(form))}>
      <input name="email" type="email" aria-label="E-mail" />
      <input name="password" type="password" aria-label="Password" />
      <button>Log in</button>
    </form>
  )
}

export const App = (parts: Parts) => (
  <QueryClientProvider client={parts.queryClient}>
    <AuthProvider client={parts.authClient}>
      <div>
        <Suspense fallback={<p>Loading news …</p>}>
          <News {...parts} />
        </Suspense>
        <SignedIn fallback={<p>Loading notes …</p>}>
          <Notes {...parts} />
        </SignedIn>
        <SignedOut>
          <Login />
        </SignedOut>
      </div>
    </AuthProvider>
  </QueryClientProvider>
)
