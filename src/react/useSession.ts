'use client'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import { SessionContext, useAuthContext } from './useAuthContext.ts'

/**
 * The session in which the component renders: `api`, `fetch` and `signal`. All three are bound to it for good, so code
 * that goes on after an `await`, in a cleanup or in a closure never speaks for the next user. Re-renders only when the
 * session changes.
 *
 * A request rejects with `SessionEndedError` once the session is over, and with `SignedOutError` if nobody was signed in.
 * Use it inside `<SignedIn>`: a query of a component that stays on screen when the session changes first fetches with its
 * old function, and fails.
 */
export const useSession = (): SessionHandle => useAuthContext(SessionContext)
