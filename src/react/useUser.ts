'use client'
import type { RegisteredUser } from '../Register.ts'
import { useAuthState } from './useAuthState.ts'

/** The user, `null` while nobody is signed in or a stored token is being checked. */
export const useUser = (): RegisteredUser | null => useAuthState('user')
