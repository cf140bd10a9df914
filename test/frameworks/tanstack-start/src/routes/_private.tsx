import { createFileRoute, Navigate, Outlet, redirect } from '@tanstack/react-router'
import { isSessionEndedError, isSignedOutError, SignedIn, SignedOut, useLogout, useUser } from 'signoff'

const Private = () => {
  const user = useUser()
  const logout = useLogout()
  return (
    <>
      <SignedIn fallback={<p>Loading …</p>}>
        {user?.email} <button onClick={() => logout.mutate()}>Log out</button>
        <Outlet />
      </SignedIn>
      {/* The user may have logged out in another tab since the server was asked. */}
      <SignedOut>
        <Navigate to="/login" />
      </SignedOut>
    </>
  )
}

export const Route = createFileRoute('/_private')({
  // Loads the user into the query cache, or sends the visitor to the login. Returns nothing for the router to keep.
  beforeLoad: async ({ context: { queryClient, authClient } }) => {
    try {
      await queryClient.ensureQueryData(authClient.userOptions)
    } catch (error) {
      if (isSignedOutError(error) || isSessionEndedError(error)) throw redirect({ to: '/login' })
      throw error
    }
  },
  component: Private,
})
