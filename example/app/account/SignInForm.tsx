import { type SubmitEvent, useRef } from 'react'
import { useLogin } from 'signoff'
import { demoUser } from '../../demoUser.ts'
import { Heading } from '../Heading.tsx'
import { emptyFields } from './emptyFields.ts'
import { Field } from './Field.tsx'
import { readFields } from './readFields.ts'

interface SignInFormProps {
  onSwitch: () => void
}

export function SignInForm({ onSwitch }: SignInFormProps) {
  const login = useLogin()
  // The fields are the browser's own: React would keep a copy of the password, and write it into the page.
  const email = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)

  function handleSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (login.isPending) return
    const form = event.currentTarget
    const { email = '', password = '' } = readFields(form)
    login.mutateAsync({ email, password }).then(
      () => emptyFields(form),
      // Shown from `login.error`.
      () => {},
    )
  }

  function fillIn() {
    if (email.current) email.current.value = demoUser.email
    if (password.current) password.current.value = demoUser.password
  }

  return (
    <form className="form" aria-labelledby="sign-in-heading" onSubmit={handleSubmit}>
      <Heading id="sign-in-heading">Sign in</Heading>
      <Field label="E-mail" name="email" type="email" autoComplete="username" required ref={email} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        ref={password}
      />
      <p className="form-error" role="alert">
        {login.error?.message}
      </p>
      <div className="form-actions">
        <button type="submit" className="button" aria-disabled={login.isPending}>
          Log in
        </button>
        <p className="quiet">
          New here?{' '}
          <button type="button" className="link" onClick={onSwitch}>
            Register
          </button>
        </p>
      </div>
      <div className="demo">
        <p>
          Just looking? <code>{demoUser.email}</code> with <code>{demoUser.password}</code>
        </p>
        <button type="button" className="link" onClick={fillIn}>
          Fill in the demo account
        </button>
      </div>
    </form>
  )
}
