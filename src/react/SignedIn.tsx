'use client'
import { Fragment, type ReactNode } from 'react'
import { KeyContext, useAuthContext } from './useAuthContext.ts'

/** Props of {@link SignedIn}. */
export interface SignedInProps {
  children?: ReactNode
  /** Shown while a stored token is being checked, and on a server. Default: nothing. */
  fallback?: ReactNode
}

/**
 * Its children while somebody is signed in; the `fallback` while a stored token is being checked; else nothing.
 *
 * Children are keyed by session: what a component of one user copied (`useState`, refs) never survives into the next.
 */
export const SignedIn = ({ children, fallback }: SignedInProps): ReactNode => {
  const key = useAuthContext(KeyContext)
  if (key === 'restoring') return fallback
  return key === 'signed-out' ? null : <Fragment key={key}>{children}</Fragment>
}
