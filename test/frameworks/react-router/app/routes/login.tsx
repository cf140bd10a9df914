import { redirect } from 'react-router'
import { useLogin } from 'signoff'
import { getApp } from '../auth.ts'

export const clientLoader = () => (getApp().authClient.getState().token === null ? null : redirect('/'))

export const HydrateFallback = () => <p>Loading …</p>

export default function Login() {
  const login = useLogin()
  return (
    <form action={(form: FormData) => login.mutate(Object.fromEntries(form))}>
      <input name="email" type="email" aria-label="E-mail" />
      <input name="password" type="password" aria-label="Password" />
      <button>Log in</button>
    </form>
  )
}
