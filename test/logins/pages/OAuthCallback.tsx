import { useEffect, useState } from 'react'
import { finishLogin, startLogin } from './oauthRedirect.ts'

export const OAuthCallback = ({ onLoggedIn }: { onLoggedIn: () => void }) => {
  const [error, setError] = useState<Error>()

  useEffect(() => void finishLogin().then(onLoggedIn, setError), [onLoggedIn])

  if (!error) return <p>Logging in …</p>
  return (
    <p role="alert">
      {error.message} <button onClick={() => void startLogin()}>Try again</button>
    </p>
  )
}
