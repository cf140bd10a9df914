'use client'
import type { AuthState } from '../core/AuthState.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuthState } from './useAuthState.ts'

const selectUser = ({ user }: AuthState<RegisteredUser>): RegisteredUser | null => user

/** The user, `null` while nobody is signed in or a stored token is being checked. */
export const useUser = (): RegisteredUser | null => useAuthState(selectUser)
