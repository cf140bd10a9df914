import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react'
import { authClient } from './api.ts'

export interface Credentials {
  email: string
  password: string
}

interface Auth {
  token: string | null
  login: (credentials: Credentials) => Promise<void>
  logout: () => void
}

const AuthContext = createContext<Auth | null>(null)

export const AuthProvider = ({ children }: { children: ReactNode }) => {
  const { token } = useSyncExternalStore(authClient.subscribe, authClient.getState)
  useEffect(() => authClient.mount(), [])

  const login = async (credentials: Credentials) => {
    await authClient.login(credentials)
  }

  const logout = () => {
    void authClient.logout()
  }

  return <AuthContext.Provider value={{ token, login, logout }}>{children}</AuthContext.Provider>
}

export const useAuth = (): Auth => {
  const auth = useContext(AuthContext)
  if (!auth) throw new Error('useAuth is used outside of AuthProvider')
  return auth
}
