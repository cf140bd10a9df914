'use client'

import { type DehydratedState, HydrationBoundary } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { owner } from './cookieStorage.ts'

interface ServerStateProps {
  state: DehydratedState
  /** Whose the token was with which the server has loaded it. */
  of: string | undefined
  children: ReactNode
}

/** Takes what the server has loaded, unless the user has logged out, or another one in, since the server was asked. */
export const ServerState = ({ state, of, children }: ServerStateProps) => {
  const isTaken = typeof document !== 'undefined' && of !== undefined && owner.get() === of
  // It stands in the document too, and no session has ended here that would leave it.
  useEffect(() => {
    if (of !== undefined && owner.get() !== of) location.reload()
  }, [of])
  return <HydrationBoundary state={isTaken ? state : undefined}>{children}</HydrationBoundary>
}
