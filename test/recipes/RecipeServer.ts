import type { LoopbackServer } from './listen.ts'

/**
 * The API of a recipe: the real one, or one that plays what its documentation and its source say. Its address takes the
 * place of the one in the recipe.
 */
export interface RecipeServer extends LoopbackServer {
  /** What logs the user in. */
  credentials: object
  /** The user that signoff is to have then, and nothing more. */
  user: object
  /** A path below the recipe's `baseUrl`, and what it answers to nothing but a live token. */
  privatePath: string
  privateAnswer: unknown
  /** Whether the API still answers to a token, asked past signoff. */
  isAlive: (token: string) => Promise<boolean>
  /** A path below `baseUrl` that answers a live token with the status of a dead one, because a right is missing. */
  forbiddenPath?: string
  /** Lets the time of an access token pass, and that of its refresh token not. */
  expireAccess?: (token: string) => void
  /** How often a refresh token was used again, which some servers take for a theft. */
  alarms?: () => number
  /** Whether the refresh token that was handed out with a token makes new ones. */
  isRefreshable?: (token: string) => boolean
  /** Logs the user in past signoff, on another device. Returns whether that session is still on. */
  openElsewhere?: () => () => boolean
  /** Ends the life of a token elsewhere, or makes one whose time has passed where nothing can. Returns what is dead. */
  expire: (token: string) => string[] | Promise<string[]>
}
