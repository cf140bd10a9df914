import type { QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import { emptyQuery } from './forgetQueries.ts'
import { withholdEvents } from './withholdEvents.ts'

/**
 * Empties a client, public data included, by what TanStack Query documents. What is on screen has to be mounted anew;
 * what observes a query elsewhere is left without data.
 */
export const emptyClient = (client: QueryClient): void => {
  const cache = client.getQueryCache()
  const empty = (): void => {
    cache.getAll().forEach(emptyQuery)
    client.clear()
  }
  safely(
    () => withholdEvents<QueryCacheNotifyEvent>(cache, empty),
    () => safely(empty),
  )
}
