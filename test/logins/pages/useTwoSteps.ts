import { isRequestError, useLogin } from 'signoff'

export const useTwoSteps = () => {
  const { mutate: logIn, error } = useLogin()
  const code = useLogin()
  const asked = isRequestError(error) ? (error.data as { ticket?: string } | undefined) : undefined
  const enterCode = (digits: string) =>
    code.mutate(async ({ fetch }) => {
      const body = JSON.stringify({ ticket: asked?.ticket, code: digits })
      const headers = { 'Content-Type': 'application/json' }
      const response = await fetch('/api/auth/code', { method: 'POST', headers, body })
      if (!response.ok) throw new Error('The code is wrong')
      return (await response.json()) as { token: string }
    })
  return { logIn, enterCode, isAsked: asked?.ticket !== undefined, error: code.error ?? error }
}
