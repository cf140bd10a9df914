import { type FormEvent, useState } from 'react'
import { useAuth } from './useAuth.ts'

export const Login = () => {
  const { loginMutation } = useAuth()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    loginMutation.mutate({ username, password })
  }

  return (
    <form onSubmit={submit}>
      <input aria-label="E-mail" type="email" onChange={(event) => setUsername(event.target.value)} />
      <input aria-label="Password" type="password" onChange={(event) => setPassword(event.target.value)} />
      <button disabled={loginMutation.isPending}>Log in</button>
      {loginMutation.isError && <p role="alert">E-mail or password is wrong</p>}
    </form>
  )
}
