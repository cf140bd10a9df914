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
  query.fetch = async (options = query.options, fetchOptions) => {
    if ((fetchOptions as FetchOptions | undefined)?.initialPromise) return undefined
    const isKept = options.persister && query.state.data === undefined
    const fresh = { ...options, persister: undefined } as unknown as typeof options
    return fetch.call(query, isKept ? fresh : options, fetchOptions)
  }
}
