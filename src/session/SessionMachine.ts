import type { StoredSession } from '../browser/Tokens.ts'
import type { SessionEndReason } from '../errors/SessionEndedError.ts'
import type { AuthState } from './AuthState.ts'
import type { SessionScope } from './SessionScope.ts'

export interface SessionHandlers<TUser> {
  /** The API has refused the current token. */
  end: () => void
  /** The current token has become somebody else's: the account was switched on the server. */
  replace: (next: { tokens: StoredSession; user: TUser }) => void
  /** It has to be known what is stored. Never rejects. */
  load: () => Promise<void> | undefined
}

export interface SessionMachine<TUser> {
  /** Who is signed in: the same object until something changes. The first call reads the storage. */
  getState: () => AuthState<TUser>
  /** Waits until it is known what is stored; `undefined`: it is, or cannot be. */
  whenKnown: () => Promise<void> | undefined
  /** Nothing more is waited for: somebody looks, so this is no server, or the storage has answered. */
  open: () => void
  /** Calls the listener after each change of the state. Returns a function that stops that. */
  subscribe: (listener: () => void) => () => void
  /** Calls the listeners. */
  notify: () => void
  getScope: () => SessionScope
  /** The tokens of the session that is on, `null` while nobody is signed in. */
  getTokens: () => StoredSession | null
  /** Whether a token belongs to the session that is on; `null`: whether nobody is signed in. */
  isCurrent: (token: string | null) => boolean
  begin: (tokens: StoredSession, user: TUser | null) => void
  /** The session that is on goes on with other tokens. */
  renew: (tokens: StoredSession) => void
  end: (reason: SessionEndReason) => void
  /** Whether a user is somebody else than the session's. Nobody is, while that one is not known. */
  isAnother: (user: TUser) => boolean
  /**
   * The user query has answered for the session that is on. Returns whether that changed anything. If it has brought
   * somebody else, the session is replaced.
   */
  confirm: (user: TUser) => boolean
  /** The API has refused a token. If it is the current token, the session ends. */
  reject: (token: string) => void
  /** Sets what the session cannot do alone. */
  handle: (handlers: SessionHandlers<TUser>) => void
  /** Mounts everything on screen anew, because what it shows cannot be taken back otherwise. */
  mountAnew: () => void
}
