'use client'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import { SessionContext, useAuthContext } from './useAuthContext.ts'

/**
 * The session in which the component renders, to send requests in: `api`, `fetch` and `signal`. Bound to it for good:
 * what a closure, a cleanup or a mutation that awaits something holds on to never speaks for the next user. Re-renders
 * only when the session changes.
 *
 * What it sends rejects with `SessionEndedError` once the session is over, and with `SignedOutError` where nobody was
 * signed in.
 */
export const useSession = (): SessionHandle => useAuthContext(SessionContext)
