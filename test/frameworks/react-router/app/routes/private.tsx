import { Outlet, redirect } from 'react-router'
import { isSessionEndedError, isSignedOutError, SignedIn, useLogout, useUser } from 'signoff'
import { getApp } from '../auth.ts'

/** A server sees no `localStorage`. There the state is 'restoring', so this sends nobody to the login. */
export const loader = () => {
  if (getApp().authClient.getState().status === 'signed-out') throw redirect('/login')
  return null
}

/** Loads the user into the query cache, or sends the visitor to the login. Returns nothing for the router to keep. */
export const clientLoader = async () => {
  const { queryClient, authClient } = getApp()
  try {
    await queryClient.ensureQueryData(authClient.userOptions)
    return null
  } catch (error) {
    if (isSignedOutError(error) || isSessionEndedError(error)) throw redirect('/login')
    throw error
  }
}
clientLoader.hydrate = true as const

export const HydrateFallback = () => <p>Loading …</p>

const Header = () => {
  const user = useUser()
  const logout = useLogout()
  return (
    <header>
      {user?.email} <button onClick={() => logout.mutate()}>Log out</button>
    </header>
  )
}

export default function Private() {
  return (
    <SignedIn fallback={<p>Loading …</p>}>
      <Header />
      <Outlet />
    </SignedIn>
  )
}
