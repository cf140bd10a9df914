import type { QueryClient } from '@tanstack/react-query'
import { hint } from '../errors/safely.ts'

/** The names of the clients that follow each `QueryClient`. */
const followers = new WeakMap<QueryClient, string[]>()

/**
 * Tells the developer of a client with another session on the same `QueryClient`: each takes the other's answers for its own
 * user's, and forgets them.
 *
 * @param name - That of a client with the same session, which takes its place in a hot reload, is the same.
 * @param isWarned - Whether the app has not said itself which answers are whose (`isPublic`).
 */
export const createSharingHint = (
  client: QueryClient,
  name: string,
  isWarned: boolean,
): { watch: () => () => void } => ({
  watch: () => {
    const others = followers.get(client) ?? []
    if (isWarned && others.some((other) => other !== name)) {
      hint(
        'two clients share one QueryClient, and each forgets the answers of both. Give each a QueryClient of its own, or the option isPublic.',
      )
    }
    followers.set(client, [...others, name])
    return () => {
      const left = followers.get(client)?.slice() ?? []
      left.splice(left.indexOf(name), 1)
      followers.set(client, left)
    }
  },
})
