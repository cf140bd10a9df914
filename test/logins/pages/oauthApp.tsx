import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { StrictMode, useCallback, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { AuthProvider, SignedIn, SignedOut, useLogout, useSession, useUser } from 'signoff'
import { OAuthCallback } from './OAuthCallback.tsx'
import { authClient, queryClient } from './oauthClient.ts'
import { logInByPopup } from './oauthPopup.ts'
import { startLogin } from './oauthRedirect.ts'

function Home() {
  const { api } = useSession()
  const { mutate: logOut, data } = useLogout()
  const { data: notes } = useQuery({ queryKey: ['notes'], queryFn: () => api('notes').json<string[]>() })
  return (
    <main>
      {String(useUser()?.['id'])}: {notes?.join()} {data && 'logged out'}
      <button onClick={() => logOut()}>Log out</button>
    </main>
  )
}

function LogIn() {
  const [error, setError] = useState<Error>()
  return (
    <>
      <button onClick={() => void startLogin()}>Log in</button>
      <button onClick={() => void logInByPopup().catch(setError)}>Log in by popup</button>
      {error && <p role="alert">{error.message}</p>}
    </>
  )
}

function App() {
  const [path, setPath] = useState(location.pathname)
  const goHome = useCallback(() => {
    history.replaceState(null, '', '/')
    setPath('/')
  }, [])
  return (
    <>
      <SignedIn>
        <Home />
      </SignedIn>
      <SignedOut>{path === '/callback' ? <OAuthCallback onLoggedIn={goHome} /> : <LogIn />}</SignedOut>
    </>
  )
}

// What a test asks the page for.
Object.assign(window, { authClient })

const root = document.createElement('div')
document.body.append(root)
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={authClient}>
        <App />
      </AuthProvider>
    </QueryClientProvider>
  </StrictMode>,
)
