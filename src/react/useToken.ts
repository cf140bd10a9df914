'use client'
import type { RegisteredClient } from '../Register.ts'
import { TokenContext, useAuthContext } from './useAuthContext.ts'
import { useAuthClient } from './useAuthClient.ts'

const readToken = ({ getState }: RegisteredClient, number: number): string | null =>
  number === 0 ? null : getState().token

/** The bearer token, `null` while nobody is signed in. Do not put it into a URL, a log or the DOM. */
export const useToken = (): string | null => readToken(useAuthClient(), useAuthContext(TokenContext))
