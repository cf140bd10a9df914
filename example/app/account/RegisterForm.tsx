import type { SubmitEvent } from 'react'
import { useRegister } from 'signoff'
import { Heading } from '../Heading.tsx'
import { emptyFields } from './emptyFields.ts'
import { Field } from './Field.tsx'
import { readFields } from './readFields.ts'

interface RegisterFormProps {
  onSwitch: () => void
}

export function RegisterForm({ onSwitch }: RegisterFormProps) {
  const register = useRegister()

  function handleSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (register.isPending) return
    const form = event.currentTarget
    const { firstName = '', lastName = '', email = '', password = '' } = readFields(form)
    register.mutateAsync({ firstName, ...(lastName && { lastName }), email, password }).then(
      () => emptyFields(form),
      // Shown from `register.error`.
      () => {},
    )
  }

  return (
    <form className="form" aria-labelledby="register-heading" onSubmit={handleSubmit}>
      <Heading id="register-heading">Register</Heading>
      <div className="form-pair">
        <Field label="First name" name="firstName" autoComplete="given-name" required />
        <Field label="Last name" hint="optional" name="lastName" autoComplete="family-name" />
      </div>
      <Field label="E-mail" name="email" type="email" autoComplete="username" required />
      <Field
        label="Password"
        hint="8 characters or more"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={8}
        required
      />
      <p className="form-error" role="alert">
        {register.error?.message}
      </p>
      <div className="form-actions">
        <button type="submit" className="button" aria-disabled={register.isPending}>
          Create account
        </button>
        <p className="quiet">
          Been here before?{' '}
          <button type="button" className="link" onClick={onSwitch}>
            Sign in
          </button>
        </p>
      </div>
    </form>
  )
}
