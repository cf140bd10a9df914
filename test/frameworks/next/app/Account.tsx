'use client'

import { SignedIn, SignedOut, useLogin, useLogout } from 'signoff'

const LogoutButton = () => {
  const logout = useLogout()
  return <button onClick={() => logout.mutate()}>Log out</button>
}

const LoginForm = () => {
  const login = useLogin()
  return (
    <form action={(form: FormData) => login.mutate(Object.fromEntries(form))}>
      <input name="email" type="email" aria-label="E-mail" />
      <input name="password" type="password" aria-label="Password" />
      <button>Log in</button>
    </form>
  )
}

export const Account = () => (
  <>
    <SignedIn>
      <LogoutButton />
    </SignedIn>
    <SignedOut>
      <LoginForm />
    </SignedOut>
  </>
)
