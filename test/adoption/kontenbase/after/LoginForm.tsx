import { type FormEvent, useState } from 'react'
import { logIn } from './auth.ts'

export const LoginForm = () => {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [isWrong, setWrong] = useState(false)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    logIn({ email, password }).catch(() => setWrong(true))
  }

  return (
    <form onSubmit={submit}>
      <input aria-label="E-mail" type="email" onChange={(event) => setEmail(event.target.value)} />
      <input aria-label="Password" type="password" onChange={(event) => setPassword(event.target.value)} />
      <button>Log in</button>
      {isWrong && <p role="alert">E-mail or password is wrong</p>}
    </form>
  )
}
