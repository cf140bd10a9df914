'use client'
import type { ReactNode } from 'react'
import { useAuthState } from './useAuthState.ts'

/** Props of {@link SignedOut}. */
export interface SignedOutProps {
  children?: ReactNode
}

/**
 * Its children while nobody is signed in; nothing while a stored token is being checked, so that no login form
 * flashes on reload.
 */
export const SignedOut = ({ children }: SignedOutProps): ReactNode =>
  useAuthState('key') === 'signed-out' ? children : null
