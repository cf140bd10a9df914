import { QueryClient } from '@tanstack/react-query'
import { type AuthProvider, Authenticated, CoreAdminContext, useGetIdentity, useLogout } from 'ra-core'
import { Route, Routes } from 'react-router-dom'
import { openPage } from '../page/openPage.tsx'
import { get, logIn, logOut, readUser } from './bearer.ts'

const queryClient = new QueryClient()

const authProvider: AuthProvider = {
  login: logIn,
  logout: logOut,
  checkAuth: async () => {
    if (!localStorage.getItem('token')) throw new Error('Unauthorized')
  },
  checkError: async () => {},
  getIdentity: async () => {
    const user = await readUser()
    return { id: user?.id ?? '', ...(user && { fullName: user.name }) }
  },
}

openPage({
  queryClient,
  Providers: ({ children }) => (
    <CoreAdminContext authProvider={authProvider} queryClient={queryClient}>
      {children}
    </CoreAdminContext>
  ),
  // Its logout goes to the login page.
  Guard: ({ children }) => (
    <Routes>
      <Route path="/login" element={<p>Log in</p>} />
      <Route path="*" element={<Authenticated>{children}</Authenticated>} />
    </Routes>
  ),
  useName: () => useGetIdentity().identity?.fullName ?? null,
  useLogout: () => {
    // Its documentation (Writing An Auth Provider, logout) says that the hook removes what may be sensitive from
    // react-admin's store; the hook clears the whole cache as well (ra-core, useLogout.ts). Nothing is to be added.
    const logOut = useLogout()
    return () => void logOut()
  },
  logIn,
  get,
})
