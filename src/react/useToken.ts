'use client'
import { TokenContext, useAuthContext } from './useAuthContext.ts'

/** The bearer token, `null` while nobody is signed in. Do not put it into a URL, a log or the DOM. */
export const useToken = (): string | null => useAuthContext(TokenContext)()
