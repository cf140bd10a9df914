'use client'
import { type Context, createContext, useContext } from 'react'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import type { RegisteredClient } from '../Register.ts'
import type { Read, StateMark } from '../session/StateMark.ts'

const createAuthContext = <T>(): Context<T | undefined> => createContext<T | undefined>(undefined)

/*
 * `<AuthProvider>` provides each part by a context of its own. So a component renders only when its part changes, and a
 * thousand components need no thousand subscriptions. Of user and token only a function is provided (`StateMark`).
 */
export const ClientContext: Context<RegisteredClient | undefined> = createAuthContext()
export const SessionContext: Context<SessionHandle | undefined> = createAuthContext()
export const KeyContext: Context<StateMark['key'] | undefined> = createAuthContext()
export const UserContext: Context<Read<unknown> | undefined> = createAuthContext()
export const TokenContext: Context<Read<string | null> | undefined> = createAuthContext()

/** What the provider above gives. Throws an Error if there is none. */
export const useAuthContext = <T>(context: Context<T | undefined>): T => {
  const value = useContext(context)
  if (value === undefined) throw new Error('Render this inside <AuthProvider>')
  return value
}
