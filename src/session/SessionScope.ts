import { abortWith, createAbortController } from '../errors/abortReason.ts'
import type { AuthError } from '../errors/AuthError.ts'

/** What belongs to one session for good, even after its end. While nobody is signed in, it belongs to nobody, or to a guest. */
export interface SessionScope {
  /** Aborted with a `SessionEndedError` when the session ends. That of somebody who may ask nothing is aborted already. */
  readonly signal: AbortSignal
  /** The token while the session is on, else `null`. A guest has none. */
  readonly getToken: () => string | null
}

/** A scope, and what ends it. */
export interface OpenScope {
  readonly scope: SessionScope
  readonly end: (error: AuthError) => void
}

/** @param getToken - Default: there is none. */
export const openScope = (getToken: SessionScope['getToken'] = () => null): OpenScope => {
  const controller = createAbortController()
  return {
    scope: { signal: controller.signal, getToken },
    end: (error) => abortWith(controller, error),
  }
}

/** Whoever asks in it is refused. */
export const createEndedScope = (error: AuthError): SessionScope => {
  const { scope, end } = openScope()
  end(error)
  return scope
}
