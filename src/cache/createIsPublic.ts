import type { Mutation, Query } from '@tanstack/react-query'
import { report } from '../errors/safely.ts'
import { isMarkedByAll } from '../tanstack/isMarkedByAll.ts'

/**
 * Tells whether a query or mutation belongs to no user (`true`). `'viewer'`: guests see the query too, but each who looks
 * sees another answer.
 */
export type IsPublic = (entry: Query | Mutation) => boolean | 'viewer'

const readMark = (entry: Query | Mutation): boolean | 'viewer' => {
  const mark = entry.meta?.['public'] as boolean | 'viewer'
  return mark && isMarkedByAll(entry, mark) && mark
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
