'use client'
import type { RegisteredUser } from '../Register.ts'
import { useAuthContext, UserContext } from './useAuthContext.ts'

/** The user, `null` while nobody is signed in or a stored token is being checked. */
export const useUser = (): RegisteredUser | null => useAuthContext(UserContext)() as RegisteredUser | null
