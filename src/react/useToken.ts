'use client'
import type { AuthState } from '../core/AuthState.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuthState } from './useAuthState.ts'

const selectToken = ({ token }: AuthState<RegisteredUser>): string | null => token

/** The bearer token, `null` while nobody is signed in. Does not belong in a URL, a log or the DOM. */
export const useToken = (): string | null => useAuthState(selectToken)
