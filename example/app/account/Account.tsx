import { useState } from 'react'
import { RegisterForm } from './RegisterForm.tsx'
import { SignInForm } from './SignInForm.tsx'

/** What a visitor sees: a form to sign in with, or one to register. */
export function Account() {
  const [isNew, setIsNew] = useState(false)

  return isNew ? (
    <RegisterForm onSwitch={() => setIsNew(false)} />
  ) : (
    <SignInForm onSwitch={() => setIsNew(true)} />
  )
}
