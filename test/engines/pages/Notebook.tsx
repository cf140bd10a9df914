import { type QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { type ComponentType, type ReactNode, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'

export interface User {
  id: string
  email: string
}

/** What a page needs of its authentication. */
export interface Auth {
  Provider: ComponentType<{ children: ReactNode }>
  SignedIn: ComponentType<{ children: ReactNode }>
  SignedOut: ComponentType<{ children: ReactNode }>
  useUser: () => User | null
  useLogIn: () => (email: string) => Promise<unknown>
  useLogOut: () => () => unknown
  /** A private request. */
  get: (path: string, signal: AbortSignal) => Promise<unknown>
}

const parameters = new URLSearchParams(window.location.search)

/** The API's root: at the page's own origin, or wherever the address of the page says. */
export const baseUrl = parameters.get('api') ?? '/api'

/** Whether the page shows nothing, and only logs out. */
export const isLogoutPage = parameters.has('logout')

function Announcements() {
  const { data } = useQuery({
    queryKey: ['announcements'],
    queryFn: async ({ signal }) => (await fetch(`${baseUrl}/announcements`, { signal })).text(),
    meta: { public: true },
  })
  return <p>{data}</p>
}

/** A page with private notes and public announcements; one can always log in as somebody else. */
const createNotebook = ({ SignedIn, SignedOut, useUser, useLogIn, useLogOut, get }: Auth) => {
  function Header() {
    return <header>{useUser()?.email}</header>
  }

  function Notes() {
    const { data } = useQuery({ queryKey: ['notes'], queryFn: ({ signal }) => get('notes', signal) })
    return Array.isArray(data) && <ul aria-label="Notes">{data.map(String).join()}</ul>
  }

  function LogOut() {
    const logOut = useLogOut()
    return <button onClick={() => void logOut()}>Log out</button>
  }

  function LogIn({ name }: { name: string }) {
    const logIn = useLogIn()
    return <button onClick={() => void logIn(`${name}@example.com`)}>Log in as {name}</button>
  }

  /** Knows the user and is never unmounted, where the address of the page asks for it. */
  function Footer() {
    const user = useUser()
    const [renders, setRenders] = useState(0)
    return (
      <footer>
        {user ? 'Somebody' : 'Nobody'} is here
        <button onClick={() => setRenders(renders + 1)}>Render again</button>
      </footer>
    )
  }

  return function Notebook() {
    return (
      <main>
        <SignedOut>
          <form aria-label="Sign in">Signed out</form>
        </SignedOut>
        <SignedIn>
          <Header />
          <Notes />
          <LogOut />
        </SignedIn>
        <LogIn name="ada" />
        <LogIn name="alan" />
        <Announcements />
        {parameters.has('footer') && <Footer />}
      </main>
    )
  }
}

export const show = (queryClient: QueryClient, auth: Auth): void => {
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no element #root.')
  const Notebook = createNotebook(auth)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <auth.Provider>
          <Notebook />
        </auth.Provider>
      </QueryClientProvider>
    </StrictMode>,
  )
}
