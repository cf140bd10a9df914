'use client'
import { Fragment, type ReactNode } from 'react'
import type { AuthState } from '../core/AuthState.ts'
import { epochOf } from '../core/session.ts'
import type { RegisteredUser } from '../Register.ts'
import { useAuth } from './useAuth.ts'

/** Props of {@link SignedIn}. */
export interface SignedInProps {
  children?: ReactNode
  /** Shown while a stored token is being checked, and on a server. Default: nothing. */
  fallback?: ReactNode
}

/** Neither user nor token: React keeps what a mounted component had until it renders twice more. */
const selectKey = (state: AuthState<RegisteredUser>): number | string | undefined =>
  state.status === 'signed-in' ? epochOf(state) : state.status

/**
 * Its children while somebody is signed in; the `fallback` while a stored token is being checked; else nothing.
 *
 * Children are keyed by session: what a component of one user copied (`useState`, refs) never survives into the next.
 */
export const SignedIn = ({ children, fallback }: SignedInProps): ReactNode => {
  const key = useAuth(selectKey)
  if (key === 'restoring') return fallback
  return key === 'signed-out' ? null : <Fragment key={key}>{children}</Fragment>
}
