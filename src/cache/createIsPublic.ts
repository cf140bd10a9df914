import type { Mutation, Query } from '@tanstack/react-query'
import { report } from '../errors/safely.ts'

/**
 * Tells whether a query or mutation belongs to no user (`true`). `'viewer'`: guests see the query too, but each who looks
 * sees another answer.
 */
export type IsPublic = (entry: Query | Mutation) => boolean | 'viewer'

/** A query has the mark of whoever rendered last. It is public only if all who show it say so. */
const readMark = (entry: Query | Mutation): boolean | 'viewer' => {
  const mark = entry.meta?.['public'] as boolean | 'viewer'
  if (mark && 'observers' in entry) {
    for (const { options } of entry.observers) if (options.meta?.['public'] !== mark) return false
  }
  return mark
}

/** Everything that is not marked public is private. So is everything for which the app's function throws. */
export const createIsPublic =
  (isPublic: IsPublic = readMark): IsPublic =>
  (entry) => {
    // Many are asked for at once: a closure for each would be felt.
    try {
      const answer: unknown = isPublic(entry)
      return answer === true || (answer === 'viewer' && answer)
    } catch (error) {
      report(error)
      return false
    }
  }
