import type { Auth } from './createAuth.ts'

/** A user as the API sends it. */
export interface User {
  id: string
  firstName: string
  lastName: string
  email: string
  createdAt: string
}

export type UserRecord = Auth['$Infer']['Session']['user']

/** Picks what may leave the server. */
export function toUser({ id, name, lastName, email, createdAt }: UserRecord): User {
  return { id, firstName: name, lastName: lastName ?? '', email, createdAt: createdAt.toISOString() }
}
