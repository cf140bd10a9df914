import { createContext, type ReactNode, useContext, useState } from 'react'
import { request } from './api.ts'

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
  const [token, setToken] = useState(() => localStorage.getItem('token'))

  const login = async (credentials: Credentials) => {
    const session = await request<{ token: string }>('auth/login', credentials)
    localStorage.setItem('token', session.token)
    setToken(session.token)
  }

  const logout = () => {
    localStorage.removeItem('token')
    setToken(null)
  }

  return <AuthContext.Provider value={{ token, login, logout }}>{children}</AuthContext.Provider>
}

export const useAuth = (): Auth => {
  const auth = useContext(AuthContext)
  if (!auth) throw new Error('useAuth is used outside of AuthProvider')
  return auth
}
