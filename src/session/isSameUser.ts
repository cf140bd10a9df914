import { safely } from '../errors/safely.ts'

/** Tells whether two users of one session are the same person. */
export type IsSameUser<TUser> = (one: TUser, other: TUser) => boolean

/** By their `id`, where both have one. Else nobody is the same. */
const hasSameId = (one: unknown, other: unknown): boolean => {
  const { id } = Object(one) as { id?: unknown }
  return id !== undefined && id !== null && id === (Object(other) as { id?: unknown }).id
}

/** Where the app's function throws, nobody is the same. */
export const createIsSameUser =
  <TUser>(isSameUser: IsSameUser<TUser> = hasSameId): IsSameUser<TUser> =>
  (one, other) =>
    safely(() => isSameUser(one, other)) === true
