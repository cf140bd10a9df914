'use client'
import type { ReactNode } from 'react'
import type { AuthState } from '../core/AuthState.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuth } from './useAuth.ts'

/** Props of {@link SignedOut}. */
export interface SignedOutProps {
  children?: ReactNode
}

const selectStatus = ({ status }: AuthState<RegisteredUser>): string => status

/**
 * Its children while nobody is signed in; nothing while a stored token is being checked, so that no login form
 * flashes on reload.
 */
export const SignedOut = ({ children }: SignedOutProps): ReactNode =>
  useAuth(selectStatus) === 'signed-out' ? children : null
