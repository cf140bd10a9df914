'use client'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import { SessionContext, useAuthContext } from './useAuthContext.ts'

/**
 * The session in which the component renders: `api`, `fetch` and `signal`. All three are bound to it for good, so code
 * that goes on after an `await`, in a cleanup or in a closure never speaks for the next user. Re-renders only when the
 * session changes.
 *
 * A request rejects with `SessionEndedError` once the session is over, and with `SignedOutError` if nobody was signed in.
 * Mounted queries fetch for a new session only after React has committed, with the functions of that render.
 */
export const useSession = (): SessionHandle => useAuthContext(SessionContext)
