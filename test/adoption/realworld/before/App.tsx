import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { queryClient } from './api.ts'
import { Articles } from './Articles.tsx'
import { useLogout, useUser } from './auth.ts'
import { LoginForm } from './LoginForm.tsx'
import { Tags } from './Tags.tsx'

const Guest = () => {
  const [isAsked, setAsked] = useState(false)
  return isAsked ? <LoginForm /> : <button onClick={() => setAsked(true)}>Sign in</button>
}

const Page = () => {
  const user = useUser()
  const logout = useLogout()
  return (
    <>
      {user && <header>@{user.username}</header>}
      {user && <button onClick={logout}>Log out</button>}
      {user === null && <Guest />}
      <Suspense fallback={<p>Loading articles …</p>}>
        <Articles />
      </Suspense>
      <Suspense fallback={<p>Loading tags …</p>}>
        <Tags />
      </Suspense>
    </>
  )
}

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <Page />
  </QueryClientProvider>
)
