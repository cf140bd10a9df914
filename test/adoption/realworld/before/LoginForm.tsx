import { type FormEvent, useState } from 'react'
import { useLogin } from './auth.ts'

export const LoginForm = () => {
  const login = useLogin()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate({ email, password })
  }

  return (
    <form onSubmit={submit}>
      <input aria-label="E-mail" type="email" onChange={(event) => setEmail(event.target.value)} />
      <input aria-label="Password" type="password" onChange={(event) => setPassword(event.target.value)} />
      <button>Log in</button>
      {login.isError && <p role="alert">E-mail or password is wrong</p>}
    </form>
  )
}
