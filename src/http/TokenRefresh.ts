import type { TokenCodec } from '../browser/createTokenStore.ts'
import type { StoredSession, Tokens } from '../browser/Tokens.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import type { CallEndpoint } from './createEndpointCaller.ts'
import type { Endpoint, GivenTokens } from './Endpoint.ts'
import type { Parser } from './createParser.ts'

/** What short-lived tokens need of the client. */
export interface TokenRefreshParts<TUser = unknown> {
  session: Pick<SessionMachine<unknown>, 'getScope' | 'getTokens'>
  /** What the tabs share. */
  store: { read: () => StoredSession | null; write: (next: StoredSession) => void }
  /** Reads a storage that answers later, and follows it; `undefined`: it can be read at once. */
  load: () => Promise<void> | undefined
  /** The session goes on with other tokens. */
  renew: (tokens: StoredSession) => void
  /** The answer of the refresh has brought the user. */
  showUser: (user: TUser) => void
  /** Follows the storage, which is the truth between tabs. */
  synchronize: () => void
  callEndpoint: CallEndpoint
  parser: Pick<Parser<TUser>, 'readSession'>
  /** Never rejects. */
  revoke: (tokens: Tokens) => Promise<unknown>
  /** With this name, tabs share a lock for each session; `undefined` if each tab has tokens of its own. */
  lockName: string | undefined
  /** Milliseconds. */
  timeout: number
}

/** Gets new tokens for old ones. */
export interface Refresher {
  /** Before a request: refreshes tokens that are about to expire. `undefined`: they are not. Never rejects. */
  prepare: () => Promise<void> | undefined
  /** Refreshes them also when somebody looks at the page again, or it is online again. Returns a function that stops that. */
  watch: () => () => void
  /**
   * The API has refused the current token. Resolves when the session has another. `undefined`: there is no way to get one.
   *
   * @throws SessionEndedError with reason `'rejected'` if the refresh token is refused as well; RequestError if that cannot
   * be found out now.
   */
  renew: (token: string) => Promise<void> | undefined
  /** The tokens that have to be revoked when a session has ended: those that a refresh under way brings, or the same. */
  claim: (tokens: Tokens) => Promise<Tokens>
  /**
   * New tokens for those of a session that has ended; `null` if the API refuses that, because all of them are dead.
   *
   * @throws RequestError
   */
  replace: (tokens: Tokens) => Promise<Tokens | null>
}

/** Short-lived tokens, from the entry `signoff/refresh`. */
export interface TokenRefresh {
  readonly endpoint: Endpoint<GivenTokens>
  readonly codec: TokenCodec
  readonly connect: <TUser>(parts: TokenRefreshParts<TUser>) => Refresher
}
