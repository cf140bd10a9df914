import {
  Authenticated,
  CoreAdminContext,
  type DataProvider,
  useGetIdentity,
  useGetList,
  useLogin,
  useLogout,
} from 'react-admin'
import { useEffect, useState } from 'react'
import { Route, Routes, useLocation } from 'react-router-dom'
import { AuthProvider } from 'signoff'
import { LoginForm } from './LoginForm.tsx'
import { authProvider } from './reactAdminAuthProvider.ts'
import { authClient, queryClient } from './reactAdminClient.ts'

const dataProvider = {
  getList: async (resource: string) => {
    const texts = await authClient.api(resource).json<string[]>()
    return { data: texts.map((text) => ({ id: text })), total: texts.length }
  },
} as unknown as DataProvider

function Home() {
  const { identity } = useGetIdentity()
  const { data } = useGetList('notes', {}, { retry: false })
  const logOut = useLogout()
  return (
    <main>
      {identity?.fullName}: {data?.map(({ id }) => id).join()}
      <button onClick={() => void logOut()}>Log out</button>
    </main>
  )
}

function LogIn() {
  const logIn = useLogin()
  const [hasFailed, setFailed] = useState(false)
  return (
    <LoginForm
      onSubmit={(credentials) => void logIn(credentials).catch(() => setFailed(true))}
      hasFailed={hasFailed}
    />
  )
}

function Where({ onGo }: { onGo: (to: string) => void }) {
  const { pathname } = useLocation()
  useEffect(() => onGo(pathname), [onGo, pathname])
  return null
}

/** @param onGo - Told where react-admin navigates to. */
export const App = ({ onGo }: { onGo: (to: string) => void }) => (
  <AuthProvider client={authClient}>
    <CoreAdminContext authProvider={authProvider} dataProvider={dataProvider} queryClient={queryClient}>
      <Where onGo={onGo} />
      <Routes>
        <Route path="/login" element={<LogIn />} />
        <Route
          path="*"
          element={
            <Authenticated loading={<p>Loading …</p>}>
              <Home />
            </Authenticated>
          }
        />
      </Routes>
    </CoreAdminContext>
  </AuthProvider>
)
