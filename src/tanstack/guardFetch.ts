import type { Query } from '@tanstack/react-query'

interface FetchOptions {
  initialPromise?: unknown
}

/**
 * Lets a query be filled by its own function alone: neither by a promise that a page was rendered with, nor by what a
 * persister of single queries has kept. Neither says whose it is.
 */
export const guardFetch = (query: Query): void => {
  const { fetch } = query
  // A persister restores a query that has no data, and keeps what it has fetched.
  const state = {
    get: () => (query.state.data === undefined ? { ...query.state, data: null } : query.state),
  }
  const seen = Object.create(query, { state }) as Query
  query.fetch = async (options = query.options, fetchOptions) => {
    if ((fetchOptions as FetchOptions | undefined)?.initialPromise) return undefined
    const { persister } = options
    if (!persister) return fetch.call(query, options, fetchOptions)
    const restoreNothing: typeof persister = (queryFn, context) => persister(queryFn, context, seen)
    return fetch.call(query, { ...options, persister: restoreNothing }, fetchOptions)
  }
}
