import { type FormEvent, useState } from 'react'

export interface LoginFormProps {
  onSubmit: (credentials: { email: string; password: string }) => void
  hasFailed: boolean
}

export const LoginForm = ({ onSubmit, hasFailed }: LoginFormProps) => {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit({ email, password })
  }
  return (
    <form onSubmit={submit}>
      <input aria-label="E-mail" type="email" onChange={(event) => setEmail(event.target.value)} />
      <input aria-label="Password" type="password" onChange={(event) => setPassword(event.target.value)} />
      <button>Log in</button>
      {hasFailed && <p role="alert">E-mail or password is wrong</p>}
    </form>
  )
}
