import { createFileRoute, redirect } from '@tanstack/react-router'
import { SignedOut, useLogin } from 'signoff'

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

export const Route = createFileRoute('/login')({
  beforeLoad: ({ context: { authClient } }) => {
    if (authClient.getState().token !== null) throw redirect({ to: '/' })
  },
  component: () => (
    <SignedOut>
      <LoginForm />
    </SignedOut>
  ),
})
