import type { Mutation, Query } from '@tanstack/react-query'

/** Whether all who show a query have given it this mark: TanStack keeps the `meta` of whoever rendered last. */
export const isMarkedByAll = (entry: Query | Mutation, mark: unknown): boolean => {
  if ('observers' in entry) {
    for (const { options } of entry.observers) if (options.meta?.['public'] !== mark) return false
  }
  return true
}
