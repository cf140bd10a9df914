'use client'
import type { RegisteredClient, RegisteredUser } from '../Register.ts'
import { useAuthClient } from './useAuthClient.ts'
import { useAuthContext, UserContext } from './useAuthContext.ts'

const readUser = ({ getState }: RegisteredClient, number: number): RegisteredUser | null =>
  number === 0 ? null : getState().user

/** The user, `null` while nobody is signed in or a stored token is being checked. */
export const useUser = (): RegisteredUser | null => readUser(useAuthClient(), useAuthContext(UserContext))
