import { onlineManager } from '@tanstack/react-query'
import type { RequestError } from '../errors/RequestError.ts'
import { report } from '../errors/safely.ts'
import type { SessionMachine } from '../session/createSession.ts'
import type { CallEndpoint } from './createEndpointCaller.ts'

/** What the server said about the end of a token. */
export interface Revocation {
  status: number
  statusText: string
  error: RequestError | null
  /** Whether the server has confirmed that the token is dead (RFC 7009). */
  revoked: boolean
  body?: unknown
}

export interface Revoker {
  /** Revokes a token. Never rejects, and settles within the `timeout` option. */
  revoke: (token: string) => Promise<Revocation>
  /** Revokes a token whose result nobody waits for, unless it is the current token. */
  revokeStray: (token: string) => void
}

/** Milliseconds until a revocation that failed is sent again, if the browser does not announce that it is online. Doubled each time. */
const patience = 30_000

/** How often it is sent again: for some eight hours. */
const limit = 10

const retry = {
  limit: 2,
  methods: ['post', 'put', 'delete'],
  statusCodes: [408, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)],
  jitter: true,
}

/**
 * Revokes tokens at the logout endpoint: with retries, and again when the network is back.
 *
 * @param isPossible - Whether there is a logout endpoint. If there is none, nothing is sent and nothing is claimed.
 */
export const createRevocation = (
  callEndpoint: CallEndpoint,
  { isCurrent }: Pick<SessionMachine<unknown>, 'isCurrent'>,
  isPossible: boolean,
): Revoker => {
  const sendLater = (token: string, tries: number): void => {
    if (tries > limit) return
    const again = (): void => {
      stop()
      clearTimeout(timer)
      if (!isCurrent(token)) void send(token, tries)
    }
    const stop = onlineManager.subscribe((isOnline) => isOnline && again())
    const timer = setTimeout(again, patience * 2 ** (tries - 1))
  }

  /** @param tries - How often it has been sent again. */
  const send = async (token: string, tries: number): Promise<Revocation> => {
    if (!isPossible) return { status: 0, statusText: '', error: null, revoked: false }
    try {
      const answer = await callEndpoint('logout', {
        token,
        // Goes on when the page is closed (Fetch standard, keepalive).
        keepalive: true,
        // Some APIs give the same token to the next session.
        mayBeSent: () => !isCurrent(token),
        mayBeText: true,
        retry: onlineManager.isOnline() && tries === 0 ? retry : 0,
      })
      return { ...answer, error: null, revoked: true }
    } catch (reason) {
      const error = reason as RequestError
      const { code, status, statusText } = error
      // One that is sent again is sent once, so a server that is busy then is no answer either.
      if (code === 'network' || (tries > 0 && retry.statusCodes.includes(status))) sendLater(token, tries + 1)
      // The token was dead already.
      const revoked = status === 401
      return { status, statusText, error: revoked ? null : error, revoked }
    }
  }

  const revoke: Revoker['revoke'] = (token) => send(token, 0)

  return {
    revoke,
    revokeStray: (token) => {
      if (isCurrent(token)) return
      // A network failure is not reported yet: the request is sent again later.
      void revoke(token).then(({ error }) => error && error.code !== 'network' && report(error))
    },
  }
}
