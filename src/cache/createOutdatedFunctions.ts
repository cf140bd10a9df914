import type { Query, QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'
import { isSessionEndedError } from '../errors/SessionEndedError.ts'
import { isSignedOutError } from '../errors/SignedOutError.ts'

/**
 * Follows queries whose function is still that of a session before, and so is refused: React had not committed what their
 * component renders now, because something beside it suspends. They are fetched again, once, with the function that it
 * brings. Returns what is to hear the events of the query cache while somebody is signed in.
 */
export const createOutdatedFunctions = (client: QueryClient): ((event: QueryCacheNotifyEvent) => void) => {
  const refused = new WeakSet<Query>()
  // Some functions hold on to an ended session for good.
  const renewed = new WeakSet<Query>()

  return (event) => {
    const { query } = event
    if (event.type === 'updated' && event.action.type === 'error') {
      const { error } = event.action
      if (isSessionEndedError(error) || isSignedOutError(error)) refused.add(query)
    }
    if (event.type !== 'observerOptionsUpdated' || !refused.delete(query) || renewed.has(query)) return
    renewed.add(query)
    queueMicrotask(() => void client.refetchQueries({ predicate: (each) => each === query }))
  }
}
