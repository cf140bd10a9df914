'use client'
import type { ReactNode } from 'react'
import { Settled } from './Settled.tsx'
import { KeyContext, useAuthContext } from './useAuthContext.ts'

/** Props of {@link SignedOut}. */
export interface SignedOutProps {
  children?: ReactNode
}

/**
 * Shows its children while nobody is signed in, and nothing while a stored token is being checked, so that no login form
 * flashes on reload.
 */
export const SignedOut = ({ children }: SignedOutProps): ReactNode => {
  const key = useAuthContext(KeyContext)
  return <Settled id={key}>{key === 'signed-out' && children}</Settled>
}
