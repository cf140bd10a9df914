'use client'
import { useAuthState } from './useAuthState.ts'

/** The bearer token, `null` while nobody is signed in. Does not belong in a URL, a log or the DOM. */
export const useToken = (): string | null => useAuthState('token')
