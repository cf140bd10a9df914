import { onlineManager } from '@tanstack/react-query'
import type { RequestError } from '../errors/RequestError.ts'
import { report } from '../errors/safely.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { Tokens } from '../browser/Tokens.ts'
import type { Answer } from './Answer.ts'
import type { IsRejection } from './authorize.ts'
import type { Refresher } from './TokenRefresh.ts'
import type { CallEndpoint } from './createEndpointCaller.ts'
import { type Endpoints, isBearer } from './Endpoint.ts'

/** What the server said about the end of a token. */
export interface Revocation {
  status: number
  statusText: string
  error: RequestError | null
  /** Whether the server has confirmed that the token is dead (RFC 7009). */
  revoked: boolean
  /** Of a server that has confirmed it. */
  answer?: Answer
}

export interface Revoker {
  /**
   * The tokens of a session that has just ended, or those that a refresh under way brings. Call it in the tick in which the
   * session ends.
   */
  claim: (tokens: Tokens) => Promise<Tokens>
  /**
   * Revokes tokens. Never rejects, and settles within the `timeout` option.
   *
   * @param isEverywhere - Whether all sessions of the user end. Default: this one.
   */
  revoke: (tokens: Tokens, isEverywhere?: boolean) => Promise<Revocation>
  /** Revokes tokens whose result nobody waits for, unless they are the current ones. */
  revokeStray: (tokens: Tokens) => void
}

/** Milliseconds until a revocation that failed is sent again, if the browser does not announce that it is online. Doubled each time. */
const patience = 30_000

/** How often it is sent again: for some eight hours. */
const limit = 10

const statusCodes = [408, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)]

const retry = {
  limit: 2,
  methods: ['get', 'post', 'put', 'patch', 'delete'],
  statusCodes,
  // After a `Retry-After` of theirs.
  afterStatusCodes: statusCodes,
  jitter: true,
}

/**
 * Revokes tokens at the logout endpoint: with retries, and again when the network is back.
 * If there is no logout endpoint, nothing is sent and nothing is claimed.
 */
export const createRevocation = (
  callEndpoint: CallEndpoint,
  { isCurrent }: Pick<SessionMachine<unknown>, 'isCurrent'>,
  endpoints: Partial<Endpoints> | undefined,
  isRejection: IsRejection,
  refresher: Pick<Refresher, 'claim' | 'replace'> | undefined,
): Revoker => {
  const sendLater = (tokens: Tokens, isEverywhere: boolean, tries: number): void => {
    if (tries > limit) return
    const again = (): void => {
      stop()
      clearTimeout(timer)
      if (!isCurrent(tokens.token)) void send(tokens, isEverywhere, tries)
    }
    const stop = onlineManager.subscribe((isOnline) => isOnline && again())
    const timer = setTimeout(again, patience * 2 ** (tries - 1))
  }

  /**
   * @param tries - How often it has been sent again.
   * @param isFresh - Whether the tokens have come after the end of the session, to be revoked.
   */
  const send = async (
    tokens: Tokens,
    isEverywhere: boolean,
    tries: number,
    isFresh = false,
  ): Promise<Revocation> => {
    const name = isEverywhere ? 'logoutEverywhere' : 'logout'
    if (endpoints?.[name] === null) return { status: 0, statusText: '', error: null, revoked: false }
    let isRejected = false
    try {
      const answer = await callEndpoint(name, {
        tokens,
        // What it says ends no session.
        judge: async (response) => {
          isRejected = !response.ok && (await isRejection(response))
          return false
        },
        // Goes on when the page is closed (Fetch standard, keepalive).
        keepalive: true,
        // Some APIs give the same token to the next session.
        mayBeSent: () => !isCurrent(tokens.token),
        mayBeText: true,
        retry: onlineManager.isOnline() && tries === 0 ? retry : 0,
      })
      const { status, statusText } = answer
      return { status, statusText, error: null, revoked: true, answer }
    } catch (reason) {
      let error = reason as RequestError
      // The token was dead already. Where it was not in the header, the client itself was refused (RFC 6749, section 5.2). If
      // another can be got for it, that says nothing of the session (RFC 7009, section 2.1).
      const isRefused = (isRejected || error.status === 401) && isBearer(endpoints?.[name])
      let isDead = isRefused && !refresher
      if (isRefused && refresher && !isFresh) {
        try {
          const fresh = await refresher.replace(tokens)
          if (fresh) return await send(fresh, isEverywhere, tries, true)
          isDead = true
        } catch (failure) {
          error = failure as RequestError
        }
      }
      const { code, status, statusText } = error
      // One that is sent again is sent once, and so is a refresh: a server that is busy then is no answer either.
      const isOnce = tries > 0 || error !== reason
      if (code === 'network' || (isOnce && statusCodes.includes(status)))
        sendLater(tokens, isEverywhere, tries + 1)
      return { status, statusText, error: isDead ? null : error, revoked: isDead }
    }
  }

  const revoke: Revoker['revoke'] = (tokens, isEverywhere = false) => send(tokens, isEverywhere, 0)

  return {
    claim: (tokens) => refresher?.claim(tokens) ?? Promise.resolve(tokens),
    revoke,
    revokeStray: (tokens) => {
      if (isCurrent(tokens.token)) return
      // A network failure is not reported yet: the request is sent again later.
      const revoking = refresher ? refresher.claim(tokens).then((claimed) => revoke(claimed)) : revoke(tokens)
      void revoking.then(({ error }) => error && error.code !== 'network' && report(error))
    },
  }
}
