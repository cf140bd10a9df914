// First, so that nothing else sees the link.
import { link } from './magicLink.ts'
import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { StrictMode, useCallback, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { AuthProvider, SignedIn, SignedOut, useLogout, useSession, useUser } from 'signoff'
import { authClient, queryClient } from './auth.ts'
import { MagicLink } from './MagicLink.tsx'
import { logInByPasskey } from './passkey.ts'
import { registerPasskey } from './registerPasskey.ts'
import { useTwoSteps } from './useTwoSteps.ts'

function Home() {
  const session = useSession()
  const { mutate: logOut } = useLogout()
  const [hasPasskey, setHasPasskey] = useState(false)
  const { data: notes } = useQuery({
    queryKey: ['notes'],
    queryFn: () => session.api('notes').json<string[]>(),
  })
  const addPasskey = async () => {
    await registerPasskey(session)
    setHasPasskey(true)
  }
  return (
    <main>
      {String(useUser()?.['email'])}: {notes?.join()} {hasPasskey && 'has a passkey'}
      <button onClick={() => void addPasskey()}>Add a passkey</button>
      <button onClick={() => logOut()}>Log out</button>
    </main>
  )
}

function LogIn() {
  const { logIn, enterCode, isAsked, error } = useTwoSteps()
  const [refusal, setRefusal] = useState<Error>()
  return (
    <>
      <button onClick={() => logIn({ email: 'ada@example.com', password: 'correct horse' })}>Log in</button>
      <button onClick={() => void logInByPasskey().catch(setRefusal)}>Log in by passkey</button>
      {isAsked && (
        <form action={(form: FormData) => enterCode(form.get('code') as string)}>
          <input name="code" aria-label="Code" />
        </form>
      )}
      {(error ?? refusal) && !isAsked && <p role="alert">{(error ?? refusal)?.message}</p>}
      {isAsked && <p role="status">{error?.message}</p>}
    </>
  )
}

function App() {
  const [isLink, setLink] = useState(link !== null)
  const forgetLink = useCallback(() => setLink(false), [])
  return (
    <>
      <SignedIn>
        <Home />
      </SignedIn>
      <SignedOut>{isLink ? <MagicLink onLoggedIn={forgetLink} /> : <LogIn />}</SignedOut>
    </>
  )
}

// What a test asks the page for.
Object.assign(window, { authClient, queryClient })

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
