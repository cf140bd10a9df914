import { useEffect, useState } from 'react'
import { logInByLink } from './magicLink.ts'

export const MagicLink = ({ onLoggedIn }: { onLoggedIn: () => void }) => {
  const [error, setError] = useState<Error>()

  useEffect(() => void logInByLink().then(onLoggedIn, setError), [onLoggedIn])

  return error ? <p role="alert">{error.message}</p> : <p>Logging in …</p>
}
