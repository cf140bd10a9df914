/** Tells whether two users of one session are the same person. */
export type IsSameUser<TUser> = (one: TUser, other: TUser) => boolean

/** By their `id`, where both have one. Else nobody is the same. */
export const hasSameId = (one: unknown, other: unknown): boolean => {
  const { id } = Object(one) as { id?: unknown }
  return id !== undefined && id !== null && id === (Object(other) as { id?: unknown }).id
}
