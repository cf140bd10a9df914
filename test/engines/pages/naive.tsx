import { QueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { baseUrl, isLogoutPage, show, type User } from './Notebook.tsx'

// The same notebook with the logout that most apps have: request first, then `removeItem` and `queryClient.clear()`.
// The tests are run on it as well, to see that it breaks each promise.

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })

const authorization = () => ({ Authorization: `Bearer ${localStorage.getItem('token')}` })

const send = async (path: string, options?: RequestInit): Promise<unknown> => {
  const response = await fetch(`${baseUrl}/${path}`, { ...options, headers: authorization() })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response.json()
}

/** `undefined` while a stored token is being checked. */
type KnownUser = User | null | undefined

const AuthContext = createContext({ user: null as KnownUser, setUser: (_user: User | null): void => {} })

const useNaive = () => useContext(AuthContext)

const useLogIn = () => {
  const { setUser } = useNaive()
  return async (email: string): Promise<void> => {
    const body = JSON.stringify({ email, password: 'correct horse' })
    const session = (await send('auth/login', { method: 'POST', body })) as { token: string; user: User }
    localStorage.setItem('token', session.token)
    setUser(session.user)
  }
}

const useLogOut = () => {
  const { setUser } = useNaive()
  return async (): Promise<void> => {
    await send('auth/logout', { method: 'POST' })
    localStorage.removeItem('token')
    setUser(null)
    queryClient.clear()
  }
}

function Provider({ children }: { children: ReactNode }) {
  const [user, setUser] = useState<KnownUser>(() =>
    localStorage.getItem('token') === null ? null : undefined,
  )

  useEffect(() => {
    if (localStorage.getItem('token') === null) return
    void send('auth/user').then(
      (body) => setUser(body as User),
      () => setUser(null),
    )
  }, [])

  const auth = useMemo(() => ({ user, setUser }), [user])
  return <AuthContext value={auth}>{children}</AuthContext>
}

const leave = async (): Promise<void> => {
  await send('auth/logout', { method: 'POST' })
  localStorage.removeItem('token')
}

if (isLogoutPage) void leave()
else {
  show(queryClient, {
    Provider,
    SignedIn: ({ children }) => (useNaive().user ? children : null),
    SignedOut: ({ children }) => (useNaive().user === null ? children : null),
    useUser: () => useNaive().user ?? null,
    useLogIn,
    useLogOut,
    get: (path, signal) => send(path, { signal }),
  })
}
