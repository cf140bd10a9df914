import type { AuthClient, DefaultUser } from './client/AuthClient.ts'

/**
 * Augment this interface to type the user, credentials and details everywhere without generics:
 *
 * ```ts
 * declare module 'signoff' {
 *   interface Register {
 *     client: typeof authClient
 *   }
 * }
 * ```
 */
export interface Register {}

/** The user of the registered client; a record of unknown fields if no client is registered. */
export type RegisteredUser = Register extends { client: AuthClient<infer TUser, never, never> }
  ? TUser
  : DefaultUser

/** What `login` of the registered client sends; any object if no client is registered. */
export type RegisteredCredentials = Register extends {
  client: { login: (credentials: infer TCredentials) => unknown }
}
  ? Exclude<TCredentials, (...given: never[]) => unknown>
  : object

/** What `register` of the registered client takes; any object if no client is registered. */
export type RegisteredDetails = Register extends {
  client: { register: (details: infer TDetails) => unknown }
}
  ? TDetails
  : object

/** The registered client. */
export type RegisteredClient = AuthClient<RegisteredUser, RegisteredCredentials, RegisteredDetails>
