'use client'
import type { ReactNode } from 'react'
import { Settled } from './Settled.tsx'
import { KeyContext, useAuthContext } from './useAuthContext.ts'

/** Props of {@link SignedIn}. */
export interface SignedInProps {
  children?: ReactNode
  /** Shown while a stored token is being checked, and on a server. Default: nothing. */
  fallback?: ReactNode
}

/**
 * Shows its children while somebody is signed in, the `fallback` while a stored token is being checked, else nothing.
 *
 * Mounts its children anew for each session, so nothing that a component copied (`useState`, refs) reaches the next user.
 */
export const SignedIn = ({ children, fallback }: SignedInProps): ReactNode => {
  const key = useAuthContext(KeyContext)
  const isSignedOut = key === 'signed-out'
  return (
    <Settled id={key}>
      {!isSignedOut && key <= 0 && fallback}
      {!isSignedOut && key > 0 && children}
    </Settled>
  )
}
