import { type FormEvent, useState } from 'react'
import { useAuth } from './auth.tsx'

export const LoginForm = () => {
  const { login } = useAuth()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState('')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    login({ email, password }).catch(() => setError('E-mail or password is wrong'))
  }

  return (
    <form onSubmit={submit}>
      <input aria-label="E-mail" type="email" onChange={(event) => setEmail(event.target.value)} />
      <input aria-label="Password" type="password" onChange={(event) => setPassword(event.target.value)} />
      <button>Log in</button>
      {error && <p role="alert">{error}</p>}
    </form>
  )
}
