'use client'
import type { JSX, ReactNode } from 'react'
import { useAuth } from './useAuth.ts'

/** Props of {@link SignedOut}. */
export interface SignedOutProps {
  children?: ReactNode
}

/**
 * Its children while nobody is signed in; nothing while a stored token is being checked, so that no login form
 * flashes on reload.
 */
export const SignedOut = ({ children }: SignedOutProps): JSX.Element => (
  <>{useAuth((state) => state.status) === 'signed-out' && children}</>
)
