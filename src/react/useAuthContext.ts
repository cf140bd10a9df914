'use client'
import { type Context, createContext, useContext } from 'react'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import type { RegisteredClient } from '../Register.ts'
import type { StateMark } from '../session/createSession.ts'

const createAuthContext = <T>(): Context<T | undefined> => createContext<T | undefined>(undefined)

/*
 * `<AuthProvider>` hands each part on by a context of its own: a component renders when its part changes, and a thousand
 * of them need no subscription each. Of user and token only the number is handed on (`StateMark`).
 */
export const ClientContext: Context<RegisteredClient | undefined> = createAuthContext()
export const SessionContext: Context<SessionHandle | undefined> = createAuthContext()
export const KeyContext: Context<StateMark['key'] | undefined> = createAuthContext()
export const UserContext: Context<number | undefined> = createAuthContext()
export const TokenContext: Context<number | undefined> = createAuthContext()

/** What the provider above gives; throws an Error where there is none. */
export const useAuthContext = <T>(context: Context<T | undefined>): T => {
  const value = useContext(context)
  if (value === undefined) throw new Error('Render this inside <AuthProvider>')
  return value
}
